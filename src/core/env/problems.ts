/** What is wrong or surprising in an env document; judged line by line, without knowing the template. */

import { type EnvDocument, isEntry } from './env-document.ts';

export type EnvProblem = {
  readonly kind: 'unreadable' | 'duplicate' | 'inherited' | 'unset-reference';
  /** Counts from 1, as editors do. */
  readonly lineNumber: number;
  readonly key: string | undefined;
  /** For people; never holds a value. */
  readonly message: string;
};

const countLineEnds = (text: string): number => text.split('\n').length - 1;

/** The names that a value refers to without saying what holds where they are not set. */
function plainReferences(value: string): readonly string[] {
  const matches = value.replaceAll('$$', '').matchAll(/\$(?:\{(?<braced>[a-z_]\w*)\}|(?<plain>[a-z_]\w*))/gi);
  return [...matches].flatMap(({ groups }) => groups?.braced ?? groups?.plain ?? []);
}

/** Unreadable lines (Compose refuses the file), keys given twice or without a value, and references to nothing. */
export function findProblems(document: EnvDocument): readonly EnvProblem[] {
  const problems: EnvProblem[] = [];
  const lastLine = new Map<string, number>();
  const inherited = new Set<string>();
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
      inherited.add(line.key);
    }
    if (line.kind !== 'entry') continue;
    const unset = line.isInterpolated
      ? plainReferences(line.value).filter(name => !lastLine.has(name) && !inherited.has(name))
      : [];
    // What stands behind a dollar may be the rest of a password: it is not repeated.
    if (unset.length > 0) {
      const message = `Line ${at}: in ${line.key} Compose takes what follows a dollar for the name of a variable, which no line above sets.`;
      problems.push({ kind: 'unset-reference', lineNumber: at, key: line.key, message });
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
