/** Writes a value so that Compose, and wherever possible npm's dotenv too, reads it back as it is. */

import { UserError } from '../error.ts';

export type QuotedValue = {
  readonly text: string;
  /** Both Compose and dotenv read it alike. Otherwise no such form exists, and Compose is the authority. */
  readonly isCommon: boolean;
};

/** Needs no quotes in any reader, a shell included. */
const isPlain = (value: string): boolean => /^[A-Za-z0-9_./:@%+,=-]*$/.test(value);

/** A dollar that Compose takes for a reference or an escape when it is not in single quotes. */
const isInterpolated = (value: string): boolean => /\$(?:[a-z_]|[{$])/iu.test(value);

const hasLineEnd = (value: string): boolean => /[\r\n]/.test(value);

/** Single quotes are literal in both; a backslash before the closing quote would hold it open. */
const fitsSingle = (value: string): boolean => !value.includes("'") && !value.endsWith('\\');

/** In double quotes both leave a backslash alone, unless Compose takes it and what follows for an escape. */
const fitsDouble = (value: string): boolean =>
  !value.includes('"') && !/\\(?:[abfnrtv0$\\]|$)/.test(value) && !isInterpolated(value);

/**
 * Without quotes both take the line as it is, up to a `#`, without the spaces at its ends. dotenv takes a pair of quotes
 * away from what it holds for a line, and lines end at U+2028 and U+2029 too.
 */
const fitsBare = (value: string): boolean =>
  !/^[\s\u0085'"`]|[\s\u0085]$|[#\r\n]/.test(value) &&
  !/^(['"`])[\s\S]*\1$/m.test(value) &&
  !isInterpolated(value);

/** `\\n` and `\\r` are the escapes that both know in double quotes. */
const escapeLineEnds = (value: string): string => value.replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/**
 * The first form that both readers take alike: bare, single-quoted, double-quoted with `\n` and `\r`, bare with
 * unusual characters, single- or double-quoted over several lines; else double quotes with everything escaped.
 * Throws a UserError for what no environment variable can hold: NUL, or half of a surrogate pair.
 */
export function quoteValue(value: string): QuotedValue {
  if (value.includes('\0'))
    throw new UserError('A value contains a NUL character, which no setting can hold.');
  if (/\p{Surrogate}/u.test(value)) {
    throw new UserError('A value contains half of a character (a lone surrogate) and cannot be stored.');
  }
  if (isPlain(value)) return { text: value, isCommon: true };
  if (!hasLineEnd(value) && fitsSingle(value)) return { text: `'${value}'`, isCommon: true };
  if (fitsDouble(value) && !/\\[\r\n]/.test(value))
    return { text: `"${escapeLineEnds(value)}"`, isCommon: true };
  if (fitsBare(value)) return { text: value, isCommon: true };
  // dotenv turns every line end of a file into `\n`.
  if (!value.includes('\r') && fitsSingle(value)) return { text: `'${value}'`, isCommon: true };
  if (!value.includes('\r') && fitsDouble(value)) return { text: `"${value}"`, isCommon: true };
  const escaped = value.replaceAll(/[\\"$]/g, character => `\\${character}`);
  return { text: `"${escapeLineEnds(escaped)}"`, isCommon: false };
}
