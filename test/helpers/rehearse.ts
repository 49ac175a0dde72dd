/** A deployment of the rehearsal in a folder of its own, set up as the program does it, as far as its settings go. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { checkMachine } from '../../src/app/setup/check-machine.ts';
import { createDrafting, type Drafting, firstChoices } from '../../src/app/setup/drafting.ts';
import { documentsOf, followRun, startRun } from '../../src/app/setup/start-run.ts';
import type { Draft } from '../../src/app/wizard/wizard-types.ts';
import { createStepContext } from '../../src/app/worker/step-context.ts';
import { storeValue } from '../../src/app/worker/store-value.ts';
import { createRehearsalPorts } from '../../src/cli/rehearsal-ports.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import type { RunEvent } from '../../src/core/run/journal-event.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

const programFolder = path.resolve(import.meta.dirname, '../..');

async function followToEnd(ports: Ports, runId: string) {
  const events: RunEvent[] = [];
  for await (const event of followRun(ports, runId, AbortSignal.timeout(60_000))) events.push(event);
  return {
    events,
    changed: events.flatMap(event => (event.kind === 'step-finished' && event.changed ? [event.step] : [])),
    failure: events.flatMap(event => (event.kind === 'step-failed' ? [event.error] : []))[0],
  };
}

export type RehearsedRun = Awaited<ReturnType<typeof followToEnd>>;

/** As a new start of the program has it, in the folder of `ports`. */
export const rehearseDrafting = (
  ports: Ports,
  presetAnswers: Readonly<Record<string, string>> = {},
): Drafting =>
  createDrafting(ports, {
    level: 'rehearsal',
    folder: ports.files.folder,
    presetAnswers,
    source: undefined,
    memoryBudgetMiB: undefined,
  });

export async function rehearse(t: TestContext) {
  const folder = temporaryFolder(t);
  const ports = createRehearsalPorts({
    level: 'rehearsal',
    folder,
    programFolder,
    version: '0.0.0',
    environment: {},
  });
  const drafting = rehearseDrafting(ports);
  const draft = (mode: Mode, answers: Readonly<Record<string, string>> = {}): Promise<Draft> =>
    drafting.draft({ ...firstChoices(mode), answers });
  const run = async (drafted: Draft): Promise<RehearsedRun> =>
    followToEnd(
      ports,
      await startRun(ports, {
        ...documentsOf(drafted),
        plan: { ...drafted.plan, steps: drafted.plan.steps.filter(({ id }) => id === 'settings') },
        mode: drafted.plan.mode,
      }),
    );
  return {
    folder,
    ports,
    drafting,
    draft,
    run,
    /** Throws when a step failed. */
    setUp: async (mode: Mode, answers: Readonly<Record<string, string>> = {}): Promise<RehearsedRun> => {
      const done = await run(await draft(mode, answers));
      if (done.failure !== undefined) throw new Error(done.failure.message);
      return done;
    },
    check: async () =>
      (await checkMachine(ports, { level: 'rehearsal', folder, project: drafting.project })).lines,
    storeValue: async (mode: Mode, key: string, value: string): Promise<void> => {
      const drafted = await draft(mode);
      const context = createStepContext(
        { ...documentsOf(drafted), runId: 'test', plan: drafted.plan, mode },
        ports,
        { runId: 'test', append: async () => {} },
        AbortSignal.timeout(10_000),
      );
      await storeValue(context, key, value);
    },
    /** A file of the folder as text. */
    read: (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8'),
  };
}
