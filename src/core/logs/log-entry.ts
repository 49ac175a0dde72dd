/** One line of one service's log, as it is kept, shown, searched and saved. */

import type { LogLevel } from './log-level.ts';
import { boundText, parseLogLine } from './parse-log-line.ts';

/** A line as the engine tells it. */
type RawLogLine = {
  /** RFC 3339 with nanoseconds. */
  readonly at: string | undefined;
  readonly stream: 'stdout' | 'stderr';
  /** As the service wrote it: not yet safe for a terminal. */
  readonly text: string;
};

export type LogEntry = {
  /** Counts up in the order in which lines came; stays with the line. */
  readonly id: number;
  readonly service: string;
  readonly at: string | undefined;
  /** Milliseconds since 1970; of a line without a time, that of the one before it. */
  readonly atMs: number;
  readonly stream: 'stdout' | 'stderr';
  /** Undefined: the line does not say. */
  readonly level: LogLevel | undefined;
  /** Safe for a terminal, readable, of bounded length. */
  readonly text: string;
};

/** Makes entries of one service's lines, in their order. A line that goes on another has that one's level. */
export function createEntryMaker(service: string): (id: number, line: RawLogLine) => LogEntry {
  let atMs = 0;
  const levels: Record<RawLogLine['stream'], LogLevel | undefined> = {
    stdout: undefined,
    stderr: undefined,
  };
  return (id, { at, stream, text }) => {
    const parsed = parseLogLine(text);
    const level = parsed.level ?? (parsed.isContinuation ? levels[stream] : undefined);
    levels[stream] = level;
    const parsedMs = at === undefined ? Number.NaN : Date.parse(at);
    atMs = Number.isNaN(parsedMs) ? atMs : parsedMs;
    return { id, service, at, atMs, stream, level, text: boundText(parsed.text) };
  };
}
