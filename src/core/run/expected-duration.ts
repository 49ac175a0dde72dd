/** How long a run takes on this machine, from its own earlier runs. */

export type FinishedRun = {
  /** What the run did: only runs of the same kind are compared. */
  readonly kind: string;
  readonly durationMs: number;
};

/** The median of the `done` runs of this kind, in ms; undefined when there is none. */
export function expectedDurationMs(done: readonly FinishedRun[], kind: string): number | undefined {
  const sorted = done
    .filter(run => run.kind === kind)
    .map(({ durationMs }) => durationMs)
    .toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? undefined : Math.round((lower + upper) / 2);
}
