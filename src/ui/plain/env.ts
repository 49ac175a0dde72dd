/** Settings in lines: differences with secrets hidden, and what is wrong with them. */

import type { EnvFinding } from '../../core/env/check-document.ts';
import type { EnvDifference } from '../../core/env/diff.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';

const signs = { added: '+', removed: '-', changed: '~' } as const;

const show = (value: string | undefined): string => (value === '' ? '(empty)' : (value ?? '(not there)'));

/** One line a key: `~ LOG_LEVEL: INFO -> DEBUG`. */
export const differenceLines = (differences: readonly EnvDifference[]): readonly string[] =>
  differences.map(({ kind, key, before, after }) => {
    const values = kind === 'added' ? show(after) : `${show(before)} -> ${show(after)}`;
    return sanitiseLine(`  ${signs[kind]} ${key}: ${values}`);
  });

/** Problems first. */
export const findingLines = (findings: readonly EnvFinding[]): readonly string[] =>
  findings
    .toSorted((a, b) => Number(a.severity === 'note') - Number(b.severity === 'note'))
    .flatMap(({ severity, message, mend }) => [
      `${severity === 'problem' ? 'PROBLEM' : 'note'}: ${message}`,
      ...(mend === undefined ? [] : [`  ${mend}`]),
    ])
    .map(sanitiseLine);
