/** JSON that does no harm when it is printed on a terminal: still the same JSON. */

/** DEL, C1 and the marks that turn the direction of writing: JSON may write them as escapes, so it does. */
const risky = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** One line of JSON, without a line end. */
export const toJsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(
    risky,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
