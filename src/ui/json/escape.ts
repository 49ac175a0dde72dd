/** JSON that does no harm when it is printed on a terminal: still the same JSON. */

/** All that is taken out of other text (core/text/sanitise.ts) and that JSON may write as escapes: here nothing is lost. */
const risky =
  /[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<=\p{Mark}{6})\p{Mark}/gu;

const escapeUnits = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');

/** One line of JSON, without a line end. */
export const toJsonLine = (value: unknown): string => JSON.stringify(value).replace(risky, escapeUnits);
