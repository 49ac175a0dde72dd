/**
 * What to send to a terminal so that one frame becomes the next: as few bytes as there are changes. Pure. Over a slow line
 * every byte counts, and a screen that stays open for hours draws nothing else.
 */

import { textWidth } from '../present/format.ts';
import { isOneCellEach } from '../present/text-width.ts';
import type { Line, Span, Tone } from '../present/tone.ts';
import { toneCodes } from './theme.ts';

const csi = '\x1b[';
const moveTo = (row: number, column: number): string => `${csi}${row + 1};${column + 1}H`;
const moveRight = (cells: number): string => (cells === 1 ? `${csi}C` : `${csi}${cells}C`);
const eraseToEnd = `${csi}K`;
/** Everything below and right of the home position. */
export const eraseScreen = `${csi}H${csi}J`;

export type Frame = readonly Line[];

export type DiffOptions = {
  /** False: no colours and no bold, whatever the tone. */
  readonly hasStyles: boolean;
};

const isSameSpan = (a: Span, b: Span | undefined): boolean => a.text === b?.text && a.tone === b.tone;

/** Writes pieces of one row from left to right, remembering where the cursor is and how it writes. */
function createPen(row: number, { hasStyles }: DiffOptions) {
  let written = '';
  let at: number | undefined;
  let tone: Tone = 'plain';
  const goTo = (column: number): void => {
    if (at === undefined) written += moveTo(row, column);
    else if (column > at) written += moveRight(column - at);
    at = column;
  };
  const setTone = (next: Tone): void => {
    if (!hasStyles || toneCodes[next] === toneCodes[tone]) return;
    // From plain nothing has to be taken back first.
    const codes = toneCodes[next];
    const reset = toneCodes[tone] === '' ? '' : codes === '' ? '' : '0;';
    written += `${csi}${reset}${codes}m`;
    tone = next;
  };
  return {
    write: (column: number, text: string, cells: number, next: Tone): void => {
      if (text === '') return;
      goTo(column);
      setTone(next);
      written += text;
      // Where the cursor is after other text is the terminal's opinion.
      at = isOneCellEach(text) ? column + cells : undefined;
    },
    /** From the column to the end of the row. */
    erase: (column: number): void => {
      goTo(column);
      setTone('plain');
      written += eraseToEnd;
    },
    finish: (): string => {
      setTone('plain');
      return written;
    },
  };
}

type Pen = ReturnType<typeof createPen>;

/** The part of `after` that differs from `before`, which is as long; both have one cell for each character. */
function writeChange(pen: Pen, column: number, before: string, after: Span): void {
  let from = 0;
  while (before[from] === after.text[from]) from += 1;
  let end = after.text.length;
  while (before[end - 1] === after.text[end - 1]) end -= 1;
  pen.write(column + from, after.text.slice(from, end), end - from, after.tone);
}

/** From `column` on. */
function writeSpans(pen: Pen, column: number, spans: Line): number {
  let at = column;
  for (const { text, tone } of spans) {
    const cells = textWidth(text);
    pen.write(at, text, cells, tone);
    at += cells;
  }
  return at;
}

const widthOf = (line: Line): number => line.reduce((sum, { text }) => sum + textWidth(text), 0);
const isPlainRow = (line: Line): boolean => line.every(({ text }) => isOneCellEach(text));

/** What came from outside may be wider or narrower on this terminal than it is counted: nothing of it is trusted to stay. */
function drawRow(after: Line, row: number, options: DiffOptions): string {
  const pen = createPen(row, options);
  pen.erase(0);
  writeSpans(pen, 0, after);
  return pen.finish();
}

function diffRow(before: Line, after: Line, row: number, options: DiffOptions): string {
  if (before.length === after.length && after.every((span, index) => isSameSpan(span, before[index])))
    return '';
  if (!isPlainRow(before) || !isPlainRow(after)) return drawRow(after, row, options);
  const pen = createPen(row, options);
  let column = 0;
  for (const [index, span] of after.entries()) {
    const old = before[index];
    const width = span.text.length;
    // What follows stands elsewhere now: the rest of the row is written anew.
    if (old?.text.length !== width) {
      column = writeSpans(pen, column, after.slice(index));
      break;
    }
    if (old.tone !== span.tone) pen.write(column, span.text, width, span.tone);
    else if (old.text !== span.text) writeChange(pen, column, old.text, span);
    column += width;
  }
  if (column < widthOf(before)) pen.erase(column);
  return pen.finish();
}

/**
 * Undefined `before`: nothing is known of the screen, and it is cleared first. The cursor ends at home, where a line feed
 * of somebody else scrolls nothing. Empty when nothing differs.
 */
export function diffFrames(before: Frame | undefined, after: Frame, options: DiffOptions): string {
  const changes = after.flatMap((line, row) => {
    const old = before?.[row] ?? [];
    return old === line ? [] : [diffRow(old, line, row, options)];
  });
  const written = changes.join('');
  const cleared = before === undefined ? eraseScreen : '';
  return written === '' && cleared === '' ? '' : `${cleared}${written}${csi}H`;
}
