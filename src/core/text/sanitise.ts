/** Text from outside (logs, names, messages) made harmless before a terminal sees it. */

/**
 * OSC, DCS, SOS, PM and APC strings end at BEL or ST, are broken off by another escape, and, unended, swallow the rest of
 * the line only. The end is optional here, so that no text can make the search go back over itself.
 */
const stringSequence = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?/g;
const controlSequence = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/g;
const otherEscape = /\x1b[ -/]*[0-~]?/g;
/** C0, DEL, C1, and the marks that turn the direction of writing or hide text. */
const unsafe =
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
/** No writing piles up more marks on one letter; a terminal draws them over its neighbours. */
const markPile = /(\p{Mark}{6})\p{Mark}+/gu;
/** Terminals that know no joined emoji draw each: the line would be longer than it was measured. */
const emojiJoiner = /(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d/gu;
const printableAscii = /^[\x20-\x7e]*$/;

/** A whole line of a program that draws progress by carriage returns: what it shows last is what counts. */
function lastDrawn(text: string): string {
  const parts = text.split('\r').filter(part => part.trim() !== '');
  return parts.at(-1) ?? '';
}

/** One line that can do no harm: no escape sequence, no control character, no line break; tabs become two blanks. */
export function sanitiseLine(text: string): string {
  // What nearly every line is, at a fraction of the cost.
  if (printableAscii.test(text)) return text;
  const visible = text
    .replace(stringSequence, '')
    .replace(controlSequence, '')
    .replace(otherEscape, '')
    .replace(/\t/g, '  ');
  const drawn = visible.includes('\r') ? lastDrawn(visible) : visible;
  return drawn
    .replace(loneSurrogate, '\ufffd')
    .replace(unsafe, '')
    .replace(emojiJoiner, '')
    .replace(markPile, '$1');
}

/** The start of a harmless text; never half a character at its end. */
export const cutText = (text: string, length: number): string =>
  text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

/** Several lines, each made harmless. */
export const sanitiseText = (text: string): string => text.split('\n').map(sanitiseLine).join('\n');
