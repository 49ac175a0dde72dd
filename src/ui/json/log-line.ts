/** A line of a log as a JSON document: what was read out of it, and the line itself. */

import type { LogEntry } from '../../core/logs/log-entry.ts';
import { parseLogLine } from '../../core/logs/parse-log-line.ts';

/** Version 1. `line` is what the service wrote, whole; `fields` what it consists of when it is a JSON object. */
export function logDocument(entry: LogEntry, line: string) {
  const { fields } = parseLogLine(line);
  return {
    version: 1,
    ...(entry.at === undefined ? {} : { at: entry.at }),
    service: entry.service,
    stream: entry.stream,
    ...(entry.level === undefined ? {} : { level: entry.level }),
    text: entry.text,
    line,
    ...(fields === undefined ? {} : { fields }),
  };
}
