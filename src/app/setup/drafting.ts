/** From the operator's choices to a draft: settings, plan, and what would change. Looks at the machine, changes nothing. */

import { parseRetention } from '../../core/buckets/retention.ts';
import { chooseBudgetMiB, fitMemory } from '../../core/memory/memory-fit.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { planServices, toMemoryItems } from '../../core/plan/plan-services.ts';
import type { RunRollback } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { expectedTimeMs } from '../history/expected-time.ts';
import { estimateStack } from '../memory/estimate-stack.ts';
import { draftRollback, foreseeRollback } from '../switch/draft-rollback.ts';
import { observeChanges } from '../switch/observe-changes.ts';
import type { Choices, Draft, ModeOffer } from '../wizard/wizard-types.ts';
import { chooseSource, cloneOffer } from './choose-source.ts';
import { describeByHand } from './describe-by-hand.ts';
import { type DraftedSettings, draftSettings } from './draft-settings.ts';
import type { DraftingOptions } from './drafting-options.ts';
import { lookOnce } from './look-once.ts';
import { observeSteps } from './observe-steps.ts';
import { foreseeHashes, type ResolveStack, resolveStack } from './resolve-stack.ts';

const daySeconds = 86_400;
/** A registry that has not answered by then counts as one that cannot be reached. */
const registryLimitMs = 8000;

export type Drafting = {
  readonly draft: (choices: Choices) => Promise<Draft>;
  /** The way back from the draft's mode to the one that it leaves; undefined when it leaves none. */
  readonly rollback: (draft: Draft) => Promise<RunRollback | undefined>;
  /** Said before the draft of a switch: half of what `rollback` asks is then asked side by side with it. */
  readonly foreseeRollback: () => void;
  /** No more than the settings: a whole draft asks the live system for the state of every step. */
  readonly settings: (choices: Choices) => Promise<DraftedSettings>;
  readonly offers: () => Promise<readonly ModeOffer[]>;
  /** The name of the Compose project: the recorded one, else what the first settings would give. */
  readonly project: () => Promise<string>;
};

/** Nothing typed, nothing left out, no consent given. */
export const firstChoices = (mode: Mode): Choices => ({
  mode,
  answers: {},
  leftOut: undefined,
  acceptMemoryRisk: false,
  fetchSource: false,
});

/** What the review has to say besides the figures. */
function describeNotes(settings: DraftedSettings, plan: Plan): readonly string[] {
  const placeholders = settings.settings
    .filter(({ field, origin }) => field.isPlaceholder && (origin === 'default' || origin === 'stand-in'))
    .map(({ field }) => field.key);
  return [
    ...settings.notes,
    ...plan.services
      .filter(({ start }) => !start)
      .map(({ name, reason }) => `${name} is left out: ${reason ?? 'not wanted'}.`),
    ...(placeholders.length === 0
      ? []
      : [`Placeholders that only let the services start: ${placeholders.join(', ')}.`]),
  ];
}

/** One drafting per session: what it generates once (secrets) stays the same in every later draft. */
export function createDrafting(ports: Ports, options: DraftingOptions): Drafting {
  const generated = new Map<string, string>();
  const generate = (key: string): string => {
    const known = generated.get(key);
    if (known !== undefined) return known;
    const value = ports.random.secret(32);
    generated.set(key, value);
    return value;
  };
  const inRegistry = new Map<string, Promise<boolean>>();
  /** A registry is asked once for each image. */
  const isInRegistry = (reference: string): Promise<boolean> => {
    const known = inRegistry.get(reference);
    if (known !== undefined) return known;
    const asked = ports.engine
      .isInRegistry(reference, AbortSignal.timeout(registryLimitMs))
      .catch(() => false);
    inRegistry.set(reference, asked);
    return asked;
  };
  // The resolved model changes only with the values it was resolved from.
  const resolve = resolveStack(ports, options);
  /** As a draft needs it: its hashes are asked for side by side with it. */
  const resolveWithHashes: ResolveStack = values => {
    void foreseeHashes(ports, options, values);
    return resolve(values);
  };

  const draft = async (choices: Choices): Promise<Draft> => {
    const looking: Ports = { ...ports, engine: lookOnce(ports.engine) };
    const source = await chooseSource(ports, options, choices);
    const settings = await draftSettings(looking, options, choices, {
      source,
      generate,
      resolve: resolveWithHashes,
    });
    const estimated = await estimateStack(ports, settings.stack, choices.mode);
    const services = planServices(estimated.stack, choices.mode, settings.values);
    const memory = fitMemory(toMemoryItems(services), await budgetMiB(ports, options));
    const unobserved: Plan = {
      version: 1,
      mode: choices.mode,
      level: options.level,
      project: settings.stack.project,
      folder: options.folder,
      services,
      memory,
      source,
      changedKeys: settings.changes.map(({ key }) => key),
      ...(choices.deleteData === undefined ? {} : { deleteData: choices.deleteData }),
      steps: [],
    };
    const observed: Plan = {
      ...unobserved,
      ...(await observeChanges(looking, {
        plan: unobserved,
        stack: estimated.stack,
        values: settings.values,
      })),
    };
    const timeless: Plan = {
      ...observed,
      steps: await observeSteps(looking, observed, settings.documents),
    };
    const expectedMs = await expectedTimeMs(ports, timeless);
    const retentionSeconds = parseRetention(settings.values.INFLUXDB_RETENTION ?? '');
    const plan: Plan = { ...timeless, ...(expectedMs === undefined ? {} : { expectedMs }) };
    return {
      plan,
      settings: settings.settings,
      envChanges: settings.changes,
      commands: describeByHand(plan, retentionSeconds),
      buckets: modeFacts[choices.mode].buckets.map(bucket => ({
        name: bucket.name,
        retentionSeconds: retentionSeconds ?? bucket.retentionSeconds,
      })),
      notes: [...describeNotes(settings, plan), ...estimated.notes],
      cloneOffer: await cloneOffer(ports, plan, settings.stack, isInRegistry),
      movedPorts: settings.movedPorts,
      leftOut: settings.leftOut,
      ...settings.documents,
    };
  };

  const offer = async (mode: Mode): Promise<ModeOffer> => {
    const { plan } = await draft(firstChoices(mode));
    return {
      mode,
      services: plan.services.length,
      expectedMiB: plan.memory.totalMiB,
      retentionDays: (modeFacts[mode].buckets[0]?.retentionSeconds ?? 0) / daySeconds,
    };
  };

  const settingsOf = async (choices: Choices): Promise<DraftedSettings> => {
    const source = await chooseSource(ports, options, choices);
    return draftSettings(ports, options, choices, { source, generate, resolve });
  };
  const project = async (): Promise<string> => {
    const record = await ports.files.readRecord().catch(() => undefined);
    return record?.project ?? (await settingsOf(firstChoices('test'))).stack.project;
  };

  return {
    draft,
    rollback: drafted => draftRollback(ports, { plan: drafted.plan, documents: drafted }, resolve),
    foreseeRollback: () => void foreseeRollback(ports, resolve),
    settings: settingsOf,
    project,
    offers: async () => [await offer('test'), await offer('production')],
  };
}

/** The sandbox and the rehearsal count against a nominal machine, so that they show the same everywhere. */
async function budgetMiB(ports: Ports, options: DraftingOptions): Promise<number> {
  if (options.level !== 'bundled') return chooseBudgetMiB(undefined, options.memoryBudgetMiB);
  const facts = await ports.host.facts(options.folder);
  return chooseBudgetMiB(facts.memoryMiB, options.memoryBudgetMiB);
}
