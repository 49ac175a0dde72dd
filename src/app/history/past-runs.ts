/** The runs of a deployment, as their journals tell. */

import { type PastRun, recallRun } from '../../core/run/run-history.ts';
import type { Ports } from '../../ports/ports.ts';

type Journals = Pick<Ports, 'runs' | 'lock'>;

async function recall({ runs, lock }: Journals, runId: string): Promise<PastRun | undefined> {
  // Asked before reading: what a worker wrote before it went is then read as well.
  const holder = await lock.holder();
  // A journal that cannot be read is no history, and in nobody's way.
  const events = await runs.read(runId).catch(() => []);
  return recallRun(runId, events, holder?.runId === runId);
}

/** Newest first; those whose journal says nothing are left out. */
export async function listPastRuns(ports: Journals): Promise<readonly PastRun[]> {
  const past: PastRun[] = [];
  for (const runId of await ports.runs.list()) {
    const run = await recall(ports, runId);
    if (run !== undefined) past.push(run);
  }
  return past;
}

/** The newest run that has a journal to speak of. */
export async function findLastRun(ports: Journals): Promise<PastRun | undefined> {
  for (const runId of await ports.runs.list()) {
    const run = await recall(ports, runId);
    if (run !== undefined) return run;
  }
  return undefined;
}

/** The newest run, when its worker died in the middle of it. A later run has taken care of what an older one left. */
export async function findInterrupted(ports: Journals): Promise<PastRun | undefined> {
  const last = await findLastRun(ports);
  return last?.end.kind === 'interrupted' ? last : undefined;
}
