/** A line of a log as text: its time, its service, what it says. */

import type { LogEntry } from '../../core/logs/log-entry.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';

const two = (value: number): string => String(Math.abs(value)).padStart(2, '0');

/** ISO 8601 with milliseconds, in local time with its offset, or in UTC. */
export function logTime(atMs: number, isUtc: boolean): string {
  const at = new Date(atMs);
  if (isUtc) return at.toISOString();
  const offset = -at.getTimezoneOffset();
  const local = new Date(atMs + offset * 60_000).toISOString().slice(0, -1);
  const hours = two(Math.trunc(offset / 60));
  return `${local}${offset < 0 ? '-' : '+'}${hours}:${two(offset % 60)}`;
}

/** `nameWidth` lines up what follows the names. One line, safe for a terminal. */
export function plainLogLine(entry: LogEntry, isUtc: boolean, nameWidth = 0): string {
  const time = entry.at === undefined ? '-' : logTime(entry.atMs, isUtc);
  return `${time} ${sanitiseLine(entry.service).padEnd(nameWidth)} ${entry.text}`.trimEnd();
}
