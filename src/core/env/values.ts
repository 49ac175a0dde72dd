/** The values of a document, and changing them without touching anything else. */

import { UserError } from '../error.ts';
import { type EnvDocument, type EnvEntry, type EnvLine, isEntry } from './env-document.ts';
import { interpolate } from './interpolate.ts';
import { parseEnv } from './parse.ts';
import { quoteValue } from './quote.ts';

export type EnvValues = Readonly<Record<string, string>>;

/** Characters of all values with references together: many short lines can stand for a memory full of text. */
const mostFromReferences = 8 * 1024 * 1024;

/**
 * What Compose reads: of duplicates the last; references filled from `environment` first, then from the keys above.
 * A reference that demands a value and gets none leaves its key out, and so does one when there is no room for it.
 */
export function documentValues(document: EnvDocument, environment: EnvValues = {}): EnvValues {
  const values = new Map<string, string>();
  let room = mostFromReferences;
  const lookup = (name: string): string | undefined =>
    Object.hasOwn(environment, name) ? environment[name] : values.get(name);
  for (const line of document.lines) {
    if (line.kind === 'inherited' && Object.hasOwn(environment, line.key)) {
      values.set(line.key, environment[line.key] ?? '');
    }
    if (line.kind !== 'entry') continue;
    const result = line.isInterpolated ? interpolate(line.value, lookup) : undefined;
    if (result === undefined) values.set(line.key, line.value);
    else if (result.kind === 'value' && result.value.length <= room) {
      room -= result.value.length;
      values.set(line.key, result.value);
    }
  }
  return Object.fromEntries(values);
}

/** The line end that the document uses. */
export const lineEndOf = (document: EnvDocument): string =>
  document.lines.find(line => line.raw.includes('\n'))?.raw.endsWith('\r\n') === true ? '\r\n' : '\n';

/** `raw` with `lineEnd` in place of its own, so that it can stand anywhere in a document. */
export const withLineEnd = (raw: string, lineEnd: string): string => raw.replace(/\r?\n?$/, lineEnd);

/** One line for a new key. Throws a UserError for a key that not every reader takes. */
function formatEntry(key: string, value: string, lineEnd = '\n'): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
    throw new UserError(`${JSON.stringify(key)} cannot be the name of a setting.`, {
      hint: 'A name has letters, digits and underscores, and does not start with a digit.',
    });
  }
  return `${key}=${quoteValue(value).text}${lineEnd}`;
}

/** The lines of a text that is known to be well-formed. */
const linesOf = (text: string): readonly EnvLine[] => parseEnv(text).lines;

function replaceValue(entry: EnvEntry, value: string): readonly EnvLine[] {
  const suffix = entry.raw.slice(entry.valueEnd);
  const { text } = quoteValue(value);
  // `KEY= # remark` would be read as the value `# remark`.
  const written = text === '' && suffix.trim() !== '' ? "''" : text;
  return linesOf(entry.raw.slice(0, entry.valueStart) + written + suffix);
}

/** `lines` with a line end after the last one, so that more can follow. */
export function closeLastLine(lines: readonly EnvLine[], lineEnd: string): readonly EnvLine[] {
  const last = lines.at(-1);
  if (last === undefined || last.raw.endsWith('\n')) return lines;
  return [...lines.slice(0, -1), { ...last, raw: last.raw + lineEnd }];
}

function appendEntries(document: EnvDocument, entries: readonly string[], heading: string): EnvDocument {
  if (entries.length === 0) return document;
  const lineEnd = lineEndOf(document);
  const lines = closeLastLine(document.lines, lineEnd);
  const added = linesOf(entries.join(''));
  const headingAt = lines.findIndex(line => line.kind === 'comment' && line.raw.trim() === `# ${heading}`);
  if (headingAt !== -1) {
    const blankAt = lines.findIndex((line, index) => index > headingAt && line.kind === 'blank');
    const at = blankAt === -1 ? lines.length : blankAt;
    return { ...document, lines: [...lines.slice(0, at), ...added, ...lines.slice(at)] };
  }
  const gap = lines.length === 0 || lines.at(-1)?.kind === 'blank' ? '' : lineEnd;
  return { ...document, lines: [...lines, ...linesOf(`${gap}# ${heading}${lineEnd}`), ...added] };
}

/** The entry that counts, by key. */
const lastEntries = (document: EnvDocument): ReadonlyMap<string, EnvEntry> =>
  new Map(document.lines.filter(isEntry).map(entry => [entry.key, entry]));

/**
 * The document in which every key of `changes` reads as given. A value is replaced where it stands, with its comment;
 * of duplicates the last one, which is the one that counts. A line that already reads so is left alone, however it is
 * written. New keys come at the end under `# <heading>`.
 */
export function setValues(
  document: EnvDocument,
  changes: EnvValues,
  heading = 'Added by homeiq',
): EnvDocument {
  const lineEnd = lineEndOf(document);
  const known = lastEntries(document);
  const fresh = Object.entries(changes).filter(([key]) => !known.has(key));
  let current = appendEntries(
    document,
    fresh.map(([key, value]) => formatEntry(key, value, lineEnd)),
    heading,
  );
  // A changed value can change what another line refers to, so look again until everything reads as asked.
  for (;;) {
    const values = documentValues(current);
    const entries = lastEntries(current);
    const wrong = new Map<EnvLine, string>();
    for (const [key, value] of Object.entries(changes)) {
      const entry = entries.get(key);
      if (entry !== undefined && values[key] !== value) wrong.set(entry, value);
    }
    if (wrong.size === 0) return current;
    current = {
      ...current,
      lines: current.lines.flatMap(line => {
        const value = wrong.get(line);
        return line.kind === 'entry' && value !== undefined ? replaceValue(line, value) : [line];
      }),
    };
  }
}

/** The document without any line that sets one of `keys`; comments and everything else stay. */
export function removeKeys(document: EnvDocument, keys: readonly string[]): EnvDocument {
  if (keys.length === 0) return document;
  const gone = new Set(keys);
  return {
    ...document,
    lines: document.lines.filter(
      line => (line.kind !== 'entry' && line.kind !== 'inherited') || !gone.has(line.key),
    ),
  };
}
