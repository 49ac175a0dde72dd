/** Finding words in a log: as they are written, upper and lower case alike. */

import type { LogEntry } from './log-entry.ts';

export type TextRange = { readonly from: number; readonly to: number };

/** Undefined for an empty search. */
function patternOf(query: string): RegExp | undefined {
  const words = query.trim();
  return words === '' ? undefined : new RegExp(words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
}

/** Where `query` stands in `text`; nothing for an empty query. */
export function findRanges(text: string, query: string): readonly TextRange[] {
  const pattern = patternOf(query);
  if (pattern === undefined) return [];
  return [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
    from: index,
    to: index + found.length,
  }));
}

/** What one sees of a line and may look for: its service and its text. */
const searchText = ({ service, text }: LogEntry): string => `${service} ${text}`;

/** Whether a line has `query`; every line has nothing. */
export function createMatcher(query: string): (entry: LogEntry) => boolean {
  const pattern = patternOf(query);
  if (pattern === undefined) return () => true;
  return entry => {
    pattern.lastIndex = 0;
    return pattern.test(searchText(entry));
  };
}

/** The lines with `query`, in their order; none for an empty query. */
export function findLines(lines: readonly LogEntry[], query: string): readonly LogEntry[] {
  return query.trim() === '' ? [] : lines.filter(createMatcher(query));
}
