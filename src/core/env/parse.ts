/** Reads an env file the way Compose does (compose-go's `dotenv` package), and keeps every character of it. */

import { byteOrderMark, type EnvDocument, type EnvEntry, type EnvLine } from './env-document.ts';
import { interpolate } from './interpolate.ts';

/** What Compose skips beside a key and before a value; a line end is not among it. */
const inlineSpace = '[\\t\\v\\f\\r \\u0085\\u00a0]';
const statementPattern = new RegExp(
  `${inlineSpace}*(?:export${inlineSpace}+)?(?<key>[\\p{L}\\p{N}_.\\-[\\]]+)${inlineSpace}*(?<separator>[=:\\n]|$)`,
  'uy',
);
const spacesPattern = new RegExp(`${inlineSpace}*`, 'y');
/** White space as Go's `unicode.IsSpace` has it. */
const space = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const leadingSpace = new RegExp(`^${space}+`);
const trailingSpace = new RegExp(`${space}+$`);
const onlyRemark = new RegExp(`^${space}*(?:#[^\\n]*\\n?)?$`);

/** Escapes that Compose knows inside double quotes; any other backslash stays. */
const escapePattern = /\\(?:[abfnrtv$"\\]|0\d{0,3})/g;
const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  // Two dollars are one literal dollar to the interpolation that follows.
  $: '$$',
  '"': '"',
  '\\': '\\',
};

/** `\0101` is an `A`. Of what is no octal number up to 377 Compose drops the zero: `\08` becomes `\8`. */
function undoOctal(digits: string): string {
  const isByte = /^[0-3][0-7]{2}$/.test(digits);
  return isByte ? String.fromCodePoint(Number.parseInt(digits, 8)) : `\\${digits}`;
}

const undoEscapes = (text: string): string =>
  text.replaceAll(escapePattern, match => escapes[match.slice(1)] ?? undoOctal(match.slice(2)));

type Quoted = { readonly inner: string; readonly end: number };

/** The text between the quote at `start` and its end; a backslash keeps a quote from ending it and is dropped. */
function readQuoted(text: string, start: number): Quoted | undefined {
  const quote = text[start];
  let inner = '';
  let isEscaped = false;
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index];
    if (character === quote) {
      if (!isEscaped) return { inner, end: index + 1 };
      inner += character;
      isEscaped = false;
    } else if (character === '\\' && !isEscaped) {
      isEscaped = true;
    } else {
      inner += isEscaped ? `\\${character}` : character;
      isEscaped = false;
    }
  }
  return undefined;
}

const endOfLine = (text: string, position: number): number => {
  const lineEnd = text.indexOf('\n', position);
  return lineEnd === -1 ? text.length : lineEnd + 1;
};

/** A statement ends with its line, unless something other than a comment stands behind a quoted value. */
function endOfStatement(text: string, afterValue: number): number {
  const lineEnd = endOfLine(text, afterValue);
  return onlyRemark.test(text.slice(afterValue, lineEnd)) ? lineEnd : afterValue;
}

/** Whether it has a reference of the form `${NAME?…}`. */
const demandsValue = (text: string): boolean =>
  text.split('}').some(part => {
    const start = part.indexOf('${');
    return start !== -1 && part.includes('?', start);
  });

function makeEntry(
  text: string,
  span: {
    readonly start: number;
    readonly valueStart: number;
    readonly valueEnd: number;
    readonly end: number;
  },
  read: { readonly key: string; readonly inner: string; readonly quoting: EnvEntry['quoting'] },
): EnvLine {
  const raw = text.slice(span.start, span.end);
  const literal = read.quoting === 'single';
  const result = literal
    ? ({ kind: 'value', value: read.inner, hasReferences: false } as const)
    : interpolate(read.inner, () => '');
  // A demand for a value (`${NAME:?}`) is judged when the other keys are known.
  if (result.kind === 'error' && !demandsValue(read.inner)) {
    return { kind: 'unreadable', raw, reason: result.reason };
  }
  const isInterpolated = result.kind === 'error' || result.hasReferences;
  return {
    kind: 'entry',
    raw,
    key: read.key,
    value: result.kind === 'error' || isInterpolated ? read.inner : result.value,
    quoting: read.quoting,
    valueStart: span.valueStart - span.start,
    valueEnd: span.valueEnd - span.start,
    isInterpolated,
  };
}

function readStatement(text: string, start: number): EnvLine {
  const unreadable = (reason: string): EnvLine => ({
    kind: 'unreadable',
    raw: text.slice(start, endOfLine(text, start)),
    reason,
  });
  statementPattern.lastIndex = start;
  const match = statementPattern.exec(text);
  const key = match?.groups?.key;
  const separator = match?.groups?.separator;
  if (match === null || key === undefined) return unreadable('no KEY=value, and no comment');
  if (separator !== '=' && separator !== ':') return { kind: 'inherited', raw: match[0], key };

  const afterSeparator = statementPattern.lastIndex;
  spacesPattern.lastIndex = afterSeparator;
  spacesPattern.exec(text);
  const valueStart = spacesPattern.lastIndex;
  const first = text[valueStart];
  if (first === "'" || first === '"') {
    const quoted = readQuoted(text, valueStart);
    if (quoted === undefined) return unreadable('the quote is never closed');
    const end = endOfStatement(text, quoted.end);
    const isDouble = first === '"';
    return makeEntry(
      text,
      { start, valueStart, valueEnd: quoted.end, end },
      {
        key,
        inner: isDouble ? undoEscapes(quoted.inner) : quoted.inner,
        quoting: isDouble ? 'double' : 'single',
      },
    );
  }
  const end = endOfLine(text, valueStart);
  const inner = (text.slice(valueStart, end).split(' #')[0] ?? '').replace(trailingSpace, '');
  const from = inner === '' ? afterSeparator : valueStart;
  return makeEntry(
    text,
    { start, valueStart: from, valueEnd: from + inner.length, end },
    { key, inner, quoting: 'none' },
  );
}

/** Reads any text; what cannot be read is kept as an `unreadable` line. Nothing is lost: `serialiseEnv` gives the same text back. */
export function parseEnv(text: string): EnvDocument {
  const hasByteOrderMark = text.startsWith(byteOrderMark);
  const lines: EnvLine[] = [];
  let position = hasByteOrderMark ? 1 : 0;
  while (position < text.length) {
    const raw = text.slice(position, endOfLine(text, position));
    const content = raw.replace(leadingSpace, '');
    const line: EnvLine =
      content === ''
        ? { kind: 'blank', raw }
        : content.startsWith('#')
          ? { kind: 'comment', raw }
          : readStatement(text, position);
    lines.push(line);
    position += line.raw.length;
  }
  return { hasByteOrderMark, lines };
}
