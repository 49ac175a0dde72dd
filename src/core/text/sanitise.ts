/** Text from outside (logs, names, messages) made harmless before a terminal sees it. */

/** OSC, DCS, SOS, PM and APC strings end at BEL or ST; unended, they swallow the rest of the line only. */
const stringSequence = /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)/g;
const controlSequence = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?/g;
const otherEscape = /\x1b[ -/]*[0-~]?/g;
/** C0, DEL, C1, and the marks that turn the direction of writing or hide text. */
const unsafe = /[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A whole line of a program that draws progress by carriage returns: what it shows last is what counts. */
function lastDrawn(text: string): string {
  const parts = text.split('\r').filter(part => part.trim() !== '');
  return parts.at(-1) ?? '';
}

/** One line that can do no harm: no escape sequence, no control character, no line break; tabs become two blanks. */
export function sanitiseLine(text: string): string {
  const visible = text
    .replace(stringSequence, '')
    .replace(controlSequence, '')
    .replace(otherEscape, '')
    .replace(/\t/g, '  ');
  const drawn = visible.includes('\r') ? lastDrawn(visible) : visible;
  return drawn
    .replace(unsafe, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
