/** What the steps share during one run. Everything is read from disk when asked: the files are the truth. */

import { modeOfDocument } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { RunEventBody } from '../../core/run/journal-event.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import { parseStack } from '../../core/stack/parse-stack.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { ComposeTarget } from '../../ports/compose.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Journal } from '../../ports/runs.ts';
import { deploymentTarget } from '../deployment-target.ts';
import { createRaising } from './raising.ts';
import type { StepContext } from './step.ts';

export type WorkerContext = StepContext & {
  /** Resolves when nothing goes on beside the steps, and every event given to `detail` is in the journal. */
  readonly settled: () => Promise<void>;
};

export function createStepContext(
  request: RunRequest,
  ports: Ports,
  journal: Journal,
  signal: AbortSignal,
): WorkerContext {
  const plan: Plan = request.plan;
  const target = deploymentTarget(plan.folder, plan.project);
  let last: Promise<void> = Promise.resolve();
  let step = plan.steps[0]?.id ?? 'settings';
  const emit = (event: RunEventBody): Promise<void> => {
    if (event.kind === 'step-started') step = event.step;
    last = last.then(() => journal.append(event));
    return last;
  };
  /** The text of `.env` while it is the run's mode's; undefined while a switch has not written it yet. */
  const activeText = async (): Promise<string | undefined> => {
    const text = await ports.files.readEnv();
    return text !== undefined && modeOfDocument(parseEnv(text)) === request.mode ? text : undefined;
  };
  const ownText = async (): Promise<string> =>
    (await activeText()) ?? (await ports.files.readModeEnv(request.mode)) ?? request.envText;
  const values = async () => documentValues(parseEnv(await ownText()));
  const wantedTarget = async (): Promise<ComposeTarget> => {
    if ((await activeText()) !== undefined) return target;
    const files = await ports.program.stackFilePaths(plan.level, plan.folder);
    return { ...target, files, environment: await values() };
  };
  /** Compose is asked once for each state of the values; half a second a call is much on a mini-PC. */
  const remember = <Answer>() => {
    let known: { readonly text: string; readonly answer: Promise<Answer> } | undefined;
    return async (ask: () => Promise<Answer>): Promise<Answer> => {
      const text = await ownText();
      if (known?.text !== text) known = { text, answer: ask() };
      return known.answer;
    };
  };
  const stacks = remember<Stack>();
  const hashes = remember<ReadonlyMap<string, string>>();
  const creations = remember<void>();
  /** Of what was asked for last: Compose makes containers for one state of the settings at a time. */
  let making: Promise<void> = Promise.resolve();
  const make = async (before: Promise<void>): Promise<void> => {
    await before.catch(() => undefined);
    await ports.compose.create(target, { signal });
  };
  const starts = new Map<string, PromiseWithResolvers<void>>();
  const startOf = (id: string): PromiseWithResolvers<void> => {
    const start = starts.get(id) ?? Promise.withResolvers<void>();
    starts.set(id, start);
    return start;
  };
  const context: WorkerContext = {
    ports,
    plan,
    request,
    target,
    signal,
    emit,
    wantedTarget,
    detail: text => void emit({ kind: 'step-detail', step, text }),
    values,
    stack: () => stacks(async () => parseStack(await ports.compose.resolve(await wantedTarget(), signal))),
    createContainers: () =>
      creations(() => {
        making = make(making);
        return making;
      }),
    startContainer: async id => {
      await ports.engine.start(id, signal);
      startOf(id).resolve();
    },
    started: id => startOf(id).promise,
    hashes: () => hashes(async () => ports.compose.hashes(await wantedTarget(), signal)),
    raising: createRaising(() => context, ownText),
    settled: async () => {
      await context.raising.end();
      await making.catch(() => undefined);
      await last;
    },
  };
  return context;
}
