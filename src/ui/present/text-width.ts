/** The width of text in terminal cells, and cutting by cells. Everything a screen lays out is measured here. */

import { sanitiseLine } from '../../core/text/sanitise.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Ranges of East Asian width W and F (Unicode 16, EastAsianWidth.txt), merged. Emoji are found by their property. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2fb],
  [0x1d300, 0x1d376],
  [0x20000, 0x3fffd],
];

/** Printable ASCII and what screens are drawn with: rules, blocks, arrows, marks. One cell for each character. */
const oneCellEach = /^[\x20-\x7e\xb7\u2013\u2022\u2026\u2190-\u2193\u2500-\u25cf\u2714\u2716\u276f]*$/;
const zeroWidth = /^[\p{Mark}\p{Format}\p{Control}\p{Default_Ignorable_Code_Point}]+$/u;
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;

function graphemeWidth(grapheme: string): number {
  if (zeroWidth.test(grapheme)) return 0;
  if (emoji.test(grapheme)) return 2;
  const code = grapheme.codePointAt(0) ?? 0;
  return wideRanges.some(([low, high]) => code >= low && code <= high) ? 2 : 1;
}

/** True when every character, by its index, is one cell; false when that is not sure. */
export const isOneCellEach = (text: string): boolean => oneCellEach.test(text);

/** How many terminal cells `text` takes. Escapes and control characters are not expected in it. */
export function textWidth(text: string): number {
  if (oneCellEach.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest start of `text` that is no wider than `cells`. */
export function takeCells(text: string, cells: number): string {
  if (cells <= 0) return '';
  if (oneCellEach.test(text)) return text.slice(0, cells);
  let taken = '';
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += graphemeWidth(segment);
    if (width > cells) break;
    taken += segment;
  }
  return taken;
}

/** The longest end of `text` that is no wider than `cells`. */
export function takeCellsFromEnd(text: string, cells: number): string {
  let taken = '';
  let width = 0;
  for (const { segment } of [...segmenter.segment(text)].reverse()) {
    width += graphemeWidth(segment);
    if (width > cells) break;
    taken = segment + taken;
  }
  return taken;
}

/** `text` as it is when it fits, else its start and an ellipsis; never wider than `cells`. */
export function truncateEnd(text: string, cells: number, ellipsis = '…'): string {
  if (textWidth(text) <= cells) return text;
  return takeCells(text, cells - textWidth(ellipsis)) + takeCells(ellipsis, cells);
}

/** Keeps both ends, which tell paths and image names apart; never wider than `cells`. */
export function truncateMiddle(text: string, cells: number, ellipsis = '…'): string {
  if (textWidth(text) <= cells) return text;
  const room = cells - textWidth(ellipsis);
  if (room < 2) return truncateEnd(text, cells, ellipsis);
  const head = Math.ceil(room / 2);
  return takeCells(text, head) + ellipsis + takeCellsFromEnd(text, room - head);
}

/** Fills with blanks to `cells`, or cuts; always exactly `cells` wide. */
export function fitCells(
  text: string,
  cells: number,
  align: 'left' | 'right' = 'left',
  ellipsis = '…',
): string {
  const cut = truncateEnd(text, cells, ellipsis);
  const blanks = ' '.repeat(Math.max(0, cells - textWidth(cut)));
  return align === 'left' ? cut + blanks : blanks + cut;
}

/** No screen has room for more, and measuring it again and again would take its time. */
const longestWrapped = 4000;

/** Breaks `text` at blanks into lines no wider than `cells`; a longer word is cut. What would do harm is out before. */
export function wrapWords(given: string, cells: number): readonly string[] {
  if (cells <= 0) return [];
  const text = sanitiseLine(given.slice(0, longestWrapped));
  const lines: string[] = [];
  let current = '';
  const words = text.split(/ +/).filter(word => word !== '');
  for (let word of words) {
    const joined = current === '' ? word : `${current} ${word}`;
    if (textWidth(joined) <= cells) {
      current = joined;
      continue;
    }
    if (current !== '') lines.push(current);
    while (textWidth(word) > cells) {
      // A character wider than the whole line cannot be shown: it is left out.
      const head = takeCells(word, cells) || word.slice(0, 1);
      if (textWidth(head) <= cells) lines.push(head);
      word = word.slice(head.length);
    }
    current = word;
  }
  if (current !== '' || lines.length === 0) lines.push(current);
  return lines;
}
