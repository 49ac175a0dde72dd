/** An error for a terminal or a script: the same facts in the same order as on the screens. */

import type { ErrorReport } from '../../core/error.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { findTroubleshooting } from '../../core/troubleshooting.ts';

/** What was seen, what it means, what to do; one string a line. */
export function errorLines(report: ErrorReport): readonly string[] {
  const status = report.status === undefined ? '' : ` (${report.status})`;
  const tail = report.tail?.split('\n').filter(text => text.trim() !== '') ?? [];
  return [
    `Error: ${report.message}`,
    ...(report.command === undefined ? [] : [`  Command: ${report.command}${status}`]),
    ...(report.hint === undefined ? [] : [`  Means: ${report.hint}`]),
    ...report.nextSteps.map((text, index) => `  To do ${index + 1}: ${text}`),
    ...tail.map(text => `  It said: ${text}`),
  ].map(sanitiseLine);
}

/** Where more is said about it; none for what the document does not know. */
export function moreLines(report: ErrorReport): readonly string[] {
  const heading = findTroubleshooting(report.message);
  return heading === undefined ? [] : [`  More: docs/troubleshooting.md, "${heading}"`];
}

export type ErrorDocument = { readonly error: Omit<ErrorReport, 'exitCode'> & { readonly exitCode: number } };

/** The same as one JSON document. */
export const errorDocument = (report: ErrorReport): ErrorDocument => ({ error: report });
