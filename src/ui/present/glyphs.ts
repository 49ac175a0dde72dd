/** The only glyphs that screens draw: each is one cell wide in every terminal, and each has an ASCII form. */

export type Glyphs = {
  readonly good: string;
  readonly bad: string;
  readonly note: string;
  readonly waiting: string;
  readonly running: string;
  readonly skipped: string;
  readonly pointer: string;
  readonly open: string;
  readonly closed: string;
  readonly rule: string;
  readonly border: string;
  readonly barFull: string;
  readonly barMedium: string;
  readonly barEmpty: string;
  /** From the lowest to the highest. */
  readonly spark: readonly string[];
  readonly ellipsis: string;
  readonly separator: string;
  readonly arrowRight: string;
  readonly arrowLeft: string;
  readonly arrowUp: string;
  readonly arrowDown: string;
  readonly mask: string;
  readonly dash: string;
  readonly checked: string;
  readonly unchecked: string;
  /** What is done is done with this row. */
  readonly marked: string;
  /** The cell of a text field where the next character goes. */
  readonly cursor: string;
};

export const unicodeGlyphs: Glyphs = {
  good: '✔',
  bad: '✖',
  note: '!',
  waiting: '·',
  running: '▸',
  skipped: '–',
  pointer: '❯',
  open: '▾',
  closed: '▸',
  rule: '─',
  border: '│',
  barFull: '█',
  barMedium: '▒',
  barEmpty: '░',
  spark: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  ellipsis: '…',
  separator: '·',
  arrowRight: '→',
  arrowLeft: '←',
  arrowUp: '↑',
  arrowDown: '↓',
  mask: '•',
  dash: '–',
  checked: '●',
  unchecked: '○',
  marked: '◆',
  cursor: '▏',
};

export const asciiGlyphs: Glyphs = {
  good: '+',
  bad: 'x',
  note: '!',
  waiting: '.',
  running: '>',
  skipped: '-',
  pointer: '>',
  open: '-',
  closed: '+',
  rule: '-',
  border: '|',
  barFull: '#',
  barMedium: '=',
  barEmpty: '.',
  spark: ['_', '.', '-', '=', '*', '#'],
  ellipsis: '~',
  separator: '-',
  arrowRight: '->',
  arrowLeft: '<-',
  arrowUp: '^',
  arrowDown: 'v',
  mask: '*',
  dash: '-',
  checked: '*',
  unchecked: 'o',
  marked: '=',
  cursor: '_',
};

/**
 * Which set a terminal can show. Unicode needs a UTF-8 locale and a terminal that is not the Linux console;
 * `HOMEIQ_ASCII=1` asks for ASCII. The first set of `LC_ALL`, `LC_CTYPE`, `LANG` decides, as in the C library.
 */
export function chooseGlyphs(environment: Readonly<Record<string, string | undefined>>): Glyphs {
  const term = environment.TERM ?? '';
  if (environment.HOMEIQ_ASCII === '1' || term === 'linux' || term === 'dumb') return asciiGlyphs;
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(value => value);
  return locale !== undefined && /utf-?8/i.test(locale) ? unicodeGlyphs : asciiGlyphs;
}
