/** Journals of a deployment's runs, as the tests of the whole program read them. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepId } from '../../src/core/plan/plan.ts';
import type { RunEvent } from '../../src/core/run/journal-event.ts';
import { until } from './until.ts';

/** The events of a `--json` run: every line is one, and they are numbered without gaps. */
export function readEvents(stdout: string): readonly RunEvent[] {
  const events: readonly RunEvent[] = stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line));
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  return events;
}

/** The last event, which must be the end of the run. */
export function endOf(events: readonly RunEvent[]): Extract<RunEvent, { kind: 'run-finished' }> {
  const last = events.at(-1);
  assert.ok(last?.kind === 'run-finished', JSON.stringify(last));
  return last;
}

/** Steps that were finished, by whether they changed anything. */
export const finishedSteps = (events: readonly RunEvent[], changed: boolean): readonly StepId[] =>
  events.flatMap(event => (event.kind === 'step-finished' && event.changed === changed ? [event.step] : []));

export const stepTimes = (events: readonly RunEvent[]): string =>
  events
    .flatMap(event =>
      event.kind === 'step-finished' ? [`${event.step} ${(event.durationMs / 1000).toFixed(1)} s`] : [],
    )
    .join(', ');

/** The journals that are there, oldest first. */
export async function journalNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, '.homeiq/runs')).catch(() => []);
  return names.filter(name => name.endsWith('.jsonl')).toSorted();
}

/** Whole lines only: the worker may be writing the last one. */
async function readJournal(folder: string, name: string): Promise<readonly RunEvent[]> {
  const text = await readFile(join(folder, '.homeiq/runs', name), 'utf8');
  return readEvents(text.slice(0, text.lastIndexOf('\n') + 1));
}

/** Waits until a run that is not among `known` has begun `step`; resolves to its worker's pid. */
export async function waitForStep(
  folder: string,
  step: StepId,
  known: readonly string[] = [],
): Promise<number> {
  let seen: readonly RunEvent[] = [];
  return until(
    async () => {
      const name = (await journalNames(folder)).findLast(one => !known.includes(one));
      if (name === undefined) return undefined;
      seen = await readJournal(folder, name);
      const [first] = seen;
      const hasBegun = seen.some(event => event.kind === 'step-started' && event.step === step);
      return hasBegun && first?.kind === 'run-started' ? first.pid : undefined;
    },
    {
      timeoutMs: 180_000,
      describe: () => `the step ${step}; the last events: ${JSON.stringify(seen.slice(-3))}`,
    },
  );
}

/** The events of the newest run. */
export async function readNewestRun(folder: string): Promise<readonly RunEvent[]> {
  const name = (await journalNames(folder)).at(-1);
  return name === undefined ? [] : readJournal(folder, name);
}
