/** A terminal's screen as an SVG picture. */

import type { StyledRun, TerminalSize } from '../../test/helpers/terminal.ts';

const cellWidth = 8.4;
const cellHeight = 18;
const padding = 12;
const foreground = '#d8dee9';
const background = '#1e222a';
/** The sixteen basic colours, in a palette that reads well on the background. */
const palette = [
  '#3b4252',
  '#e06c75',
  '#98c379',
  '#e5c07b',
  '#61afef',
  '#c678dd',
  '#56b6c2',
  '#d8dee9',
  '#5c6370',
  '#ef7b85',
  '#a9d48a',
  '#f0cc86',
  '#74bdf5',
  '#d48be8',
  '#67c6d2',
  '#ffffff',
] as const;

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function drawRun({ text, color, isBold, isDim }: StyledRun, x: number, y: number): string {
  if (text.trim() === '') return '';
  const style = [
    `fill="${color === undefined ? foreground : (palette[color] ?? foreground)}"`,
    isBold ? 'font-weight="bold"' : '',
    isDim ? 'opacity="0.6"' : '',
  ].join(' ');
  // The length is given so that a font with other widths keeps the columns.
  const width = (text.length * cellWidth).toFixed(1);
  return `<text x="${x.toFixed(1)}" y="${y}" ${style} textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeText(text)}</text>`;
}

/** One row of the screen; runs lie behind each other. */
function drawRow(runs: readonly StyledRun[], y: number): string {
  let column = 0;
  return runs
    .map(run => {
      const drawn = drawRun(run, padding + column * cellWidth, y);
      column += run.text.length;
      return drawn;
    })
    .join('');
}

export function drawScreen(rows: readonly (readonly StyledRun[])[], size: TerminalSize): string {
  const width = Math.ceil(size.columns * cellWidth + 2 * padding);
  const height = size.rows * cellHeight + 2 * padding;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
    ...rows.map((runs, index) => drawRow(runs, padding + (index + 1) * cellHeight - 4)),
    '</g></svg>',
    '',
  ].join('\n');
}
