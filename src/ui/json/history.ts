/** The history of a deployment as one JSON document, for scripts. */

import type { PastRun } from '../../core/run/run-history.ts';

/** One run; fields that are not known are absent. */
export const pastRunDocument = ({ runId, what, plan, startedAt, lastAt, end, durationMs }: PastRun) => ({
  run: runId,
  what,
  mode: plan.mode,
  from: plan.from,
  startedAt,
  lastAt,
  outcome: end.kind,
  ...(end.kind === 'done' ? { changed: end.changed } : { step: end.step }),
  ...('error' in end ? { error: end.error } : {}),
  durationMs,
});

/** Newest first. The shape is versioned; fields are only ever added. */
export const historyDocument = (runs: readonly PastRun[]) => ({
  version: 1,
  runs: runs.map(pastRunDocument),
});
