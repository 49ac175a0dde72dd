/** What is wrong or surprising in an env document; judged line by line, without knowing the template. */

import { type EnvDocument, isEntry } from './env-document.ts';

export type EnvProblem = {
  readonly kind: 'unreadable' | 'duplicate' | 'inherited' | 'interpolated';
  /** Counts from 1, as editors do. */
  readonly lineNumber: number;
  readonly key: string | undefined;
  /** For people; never holds a value. */
  readonly message: string;
};

const countLineEnds = (text: string): number => text.split('\n').length - 1;

/** Unreadable lines (Compose refuses the file), keys given twice, keys without a value, and references. */
export function findProblems(document: EnvDocument): readonly EnvProblem[] {
  const problems: EnvProblem[] = [];
  const lastLine = new Map<string, number>();
  const entries = document.lines.filter(isEntry);
  let lineNumber = 1;
  for (const line of document.lines) {
    const at = lineNumber;
    lineNumber += countLineEnds(line.raw);
    if (line.kind === 'unreadable') {
      const message = `Line ${at} cannot be read: ${line.reason}. Compose refuses the whole file because of it.`;
      problems.push({ kind: 'unreadable', lineNumber: at, key: undefined, message });
    }
    if (line.kind === 'inherited') {
      const message = `Line ${at}: ${line.key} has no value; Compose takes it from its own environment.`;
      problems.push({ kind: 'inherited', lineNumber: at, key: line.key, message });
    }
    if (line.kind !== 'entry') continue;
    if (line.isInterpolated) {
      const message = `Line ${at}: ${line.key} refers to another variable.`;
      problems.push({ kind: 'interpolated', lineNumber: at, key: line.key, message });
    }
    const earlier = lastLine.get(line.key);
    if (earlier !== undefined) {
      const counts = line === entries.findLast(({ key }) => key === line.key) ? ' This one counts.' : '';
      const message = `Line ${at}: ${line.key} is there already, in line ${earlier}.${counts}`;
      problems.push({ kind: 'duplicate', lineNumber: at, key: line.key, message });
    }
    lastLine.set(line.key, at);
  }
  return problems;
}
