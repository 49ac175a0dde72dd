/** Which lines of a log are in sight: those of a level, down to a place. */

import type { LogEntry } from './log-entry.ts';
import { type LogLevel, passesLevel } from './log-level.ts';

type LogSight = {
  /** Less serious lines are left out. */
  readonly level: LogLevel | undefined;
  /** The id of the last line that is shown; undefined: the newest. */
  readonly bottom: number | undefined;
};

/** The lines that the level lets through. */
export const visibleLines = (lines: readonly LogEntry[], { level }: LogSight): readonly LogEntry[] =>
  level === undefined ? lines : lines.filter(entry => passesLevel(entry.level, level));

/** How many of the visible lines are at or above the bottom; all of them while it follows. */
export function countToBottom(
  lines: readonly LogEntry[],
  visible: readonly LogEntry[],
  view: LogSight,
): number {
  const { bottom, level } = view;
  if (bottom === undefined) return visible.length;
  const index = visible.findIndex(({ id }) => id === bottom);
  if (index >= 0) return index + 1;
  // The level leaves that line out: the place stays.
  const place = lines.findIndex(({ id }) => id === bottom);
  if (place < 0) return visible.length;
  return lines.slice(0, place + 1).filter(entry => passesLevel(entry.level, level)).length;
}
