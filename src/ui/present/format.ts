/** Figures as people read them. One place, so that every screen says the same figure in the same way. */

import type { Transfer } from '../../core/images/transfer.ts';
import type { Glyphs } from './glyphs.ts';
import { fitCells, textWidth, truncateEnd } from './text-width.ts';
import type { Cell, Line, Span } from './tone.ts';

export {
  fitCells,
  takeCells,
  takeCellsFromEnd,
  textWidth,
  truncateEnd,
  truncateMiddle,
  wrapWords,
} from './text-width.ts';

/** `512 MB`, `1.50 GB`: binary units under the names people use for memory. From 1024 MiB on in GB. */
export function formatMiB(mebibytes: number): string {
  const sign = mebibytes < 0 ? '-' : '';
  const size = Math.abs(mebibytes);
  return size < 1024 ? `${sign}${Math.round(size)} MB` : `${sign}${(size / 1024).toFixed(2)} GB`;
}

/** `5.0`, `7.7`: GB with one decimal and without the unit, for `5.0 of 8 GB`. */
export const formatGB = (mebibytes: number): string => (mebibytes / 1024).toFixed(1);

/** `8 GB`, `7.7 GB`: a size of the machine, without a needless decimal. */
export function formatRoundGB(mebibytes: number): string {
  const text = formatGB(mebibytes);
  return `${text.endsWith('.0') ? text.slice(0, -2) : text} GB`;
}

/** `412 of 1,204 MB`, `412 MB` while the whole is not known: in decimal units, as registries and lines are measured. */
export function formatTransfer({ currentBytes, totalBytes }: Transfer): string {
  const current = formatMegabytes(currentBytes);
  return totalBytes === undefined ? `${current} MB` : `${current} of ${formatMegabytes(totalBytes)} MB`;
}

const formatMegabytes = (bytes: number): string =>
  String(Math.round(bytes / 1e6)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `0.1 s`, `22 s`, `1 min 30`, `3 h 12`, `4 d 2 h`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `0:48`, `1:03:20`: a clock that runs, so its width must not jump. */
export function formatClock(milliseconds: number): string {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** `7 %`, `0.4 %`; `share` is 0…1. */
export function formatPercent(share: number, decimals = 0): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** `1 service`, `16 services`. */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** A bar of `cells` cells, filled to `share` (0…1, cut outside). A share over 0 shows at least one cell. */
export function formatBar(share: number, cells: number, glyphs: Glyphs): string {
  const filled = Math.min(cells, Math.max(share > 0 ? 1 : 0, Math.round(share * cells)));
  return glyphs.barFull.repeat(filled) + ' '.repeat(cells - filled);
}

/**
 * A history of exactly `cells` cells, the newest at the right; blanks stand for what is not known yet.
 * `maximum` is the value of the full height; without it, the greatest value shown.
 */
export function formatSparkline(
  values: readonly number[],
  cells: number,
  glyphs: Glyphs,
  maximum?: number,
): string {
  const shown = values.slice(-cells);
  const top = maximum ?? Math.max(0, ...shown);
  const levels = glyphs.spark.length;
  const bars = shown.map(value => {
    const level = top <= 0 ? 0 : Math.round((Math.max(0, value) / top) * (levels - 1));
    return glyphs.spark[Math.min(levels - 1, level)] ?? '';
  });
  return ' '.repeat(Math.max(0, cells - bars.length)) + bars.join('');
}

/** A row laid out: every cell cut or filled to its column's width, `gap` blanks between. A width of 0 hides the column. */
export function layoutCells(
  cells: readonly Cell[],
  widths: readonly number[],
  glyphs: Glyphs,
  gap = 2,
): Line {
  const spans: Span[] = [];
  for (const [index, item] of cells.entries()) {
    const width = widths[index] ?? 0;
    if (width <= 0) continue;
    if (spans.length > 0) spans.push({ text: ' '.repeat(gap), tone: 'plain' });
    spans.push({ text: fitCells(item.text, width, item.align ?? 'left', glyphs.ellipsis), tone: item.tone });
  }
  return spans;
}

/** `left` and `right` at the two ends of `columns` cells; when both do not fit, `right` stays whole and `left` is cut. */
export function spread(left: Line, right: Line, columns: number, glyphs: Glyphs): Line {
  const rightWidth = lineWidth(right);
  if (rightWidth === 0) return truncateLine(left, columns, glyphs);
  const cut = truncateLine(left, Math.max(0, columns - rightWidth - 1), glyphs);
  const blanks = ' '.repeat(Math.max(0, columns - lineWidth(cut) - rightWidth));
  return [...cut, { text: blanks, tone: 'plain' }, ...truncateLine(right, columns, glyphs)];
}

export const lineWidth = (spans: Line): number => spans.reduce((sum, part) => sum + textWidth(part.text), 0);

/** The line as it is when it fits, else cut with an ellipsis; never wider than `cells`. */
export function truncateLine(spans: Line, cells: number, glyphs: Glyphs): Line {
  if (lineWidth(spans) <= cells) return spans;
  const kept: Span[] = [];
  let room = cells;
  for (const part of spans) {
    const width = textWidth(part.text);
    if (width < room) {
      kept.push(part);
      room -= width;
      continue;
    }
    // More follows, or this part is too wide itself: a blank too much makes the cut show its ellipsis.
    kept.push({ text: truncateEnd(`${part.text} `, room, glyphs.ellipsis), tone: part.tone });
    break;
  }
  return kept;
}
