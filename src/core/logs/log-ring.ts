/** The lines that are kept: bounded in number and in size, in the order of their times. Pure. */

import type { LogEntry } from './log-entry.ts';

export type LogRing = {
  /** The newest last. */
  readonly lines: readonly LogEntry[];
  /** Of all texts together. */
  readonly chars: number;
  /** How many lines were left out at the start. */
  readonly droppedCount: number;
};

export const logLimit = 5_000;
/** Long lines are fewer: a few MB hold them all. */
const charLimit = 2_000_000;

export const emptyRing: LogRing = { lines: [], chars: 0, droppedCount: 0 };

const sizeOf = (lines: readonly LogEntry[]): number => lines.reduce((sum, { text }) => sum + text.length, 0);

/** Two lists in the order of their times as one; of lines with the same time, those of `before` come first. */
export function mergeByTime(before: readonly LogEntry[], after: readonly LogEntry[]): readonly LogEntry[] {
  const first = after[0];
  if (first === undefined) return before;
  // What comes is nearly always newer than what is there: only the end of it takes part.
  let from = before.length;
  while (from > 0 && (before[from - 1]?.atMs ?? 0) > first.atMs) from -= 1;
  const overlap = before.slice(from);
  if (overlap.length === 0) return [...before, ...after];
  // The sort is stable, and the lists are sorted: this is a merge.
  return [...before.slice(0, from), ...[...overlap, ...after].sort((a, b) => a.atMs - b.atMs)];
}

/** Adds lines, which may be in disorder, and lets go of the oldest that are too many. */
export function pushLines(ring: LogRing, batch: readonly LogEntry[], alsoDropped = 0): LogRing {
  const sorted = batch.toSorted((a, b) => a.atMs - b.atMs);
  const all = mergeByTime(ring.lines, sorted);
  let chars = ring.chars + sizeOf(batch);
  let from = 0;
  while (all.length - from > logLimit || (chars > charLimit && from < all.length - 1)) {
    chars -= all[from]?.text.length ?? 0;
    from += 1;
  }
  return {
    lines: from === 0 ? all : all.slice(from),
    chars,
    droppedCount: ring.droppedCount + from + alsoDropped,
  };
}
