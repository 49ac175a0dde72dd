/** The history of a deployment in lines, newest first. */

import { describeEnd, describeInterrupted, type PastRun } from '../../core/run/run-history.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { fitCells, formatDuration, textWidth } from '../present/format.ts';

/** `2026-01-31 14:05` in the time zone of this process. */
function formatMinute(at: string): string {
  const date = new Date(at);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())} ${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

export function historyLines(runs: readonly PastRun[]): readonly string[] {
  if (runs.length === 0) return ['Nothing was done here yet.'];
  const rows = [
    ['WHEN', 'WHAT', 'OUTCOME', 'TOOK', 'RUN'],
    ...runs.map(run => [
      formatMinute(run.startedAt),
      run.what,
      describeEnd(run.end),
      formatDuration(run.durationMs),
      run.runId,
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map(column => Math.max(...rows.map(row => textWidth(row[column] ?? ''))));
  return rows.map(row =>
    sanitiseLine(row.map((text, column) => fitCells(text, widths[column] ?? 0)).join('  ')).trimEnd(),
  );
}

/** How the last run ended, in one sentence. */
export const lastRunLine = (run: PastRun): string =>
  sanitiseLine(`The last one, ${run.what}, at ${formatMinute(run.startedAt)}: ${describeEnd(run.end)}.`);

/** What was interrupted, where and when, in one sentence. */
export const interruptedLine = (run: PastRun): string =>
  sanitiseLine(`${describeInterrupted(run)}, last heard of at ${formatMinute(run.lastAt)}.`);
