/** A terminal that keeps its screen in memory: what a program wrote, as an operator would see it. */

import xterm from '@xterm/headless';

export type TerminalSize = { readonly columns: number; readonly rows: number };

/** Erase-down and erase-all; Ink's diffs use erase-line only, so each of these is a repaint of the whole screen. */
const SCREEN_CLEAR = /\x1b\[[0-3]?J/g;

/** `color` is one of the sixteen basic ones; undefined for the terminal's own. */
export type StyledRun = {
  readonly text: string;
  readonly color: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
};

const isSameStyle = (a: Omit<StyledRun, 'text'>, b: Omit<StyledRun, 'text'>): boolean =>
  a.color === b.color && a.isBold === b.isBold && a.isDim === b.isDim;

function styledRuns(
  line: ReturnType<xterm.Terminal['buffer']['active']['getLine']>,
  columns: number,
): StyledRun[] {
  const runs: StyledRun[] = [];
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = {
      color: cell.isFgDefault() ? undefined : cell.getFgColor(),
      isBold: cell.isBold() !== 0,
      isDim: cell.isDim() !== 0,
    };
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    if (last !== undefined && isSameStyle(last, style))
      runs[runs.length - 1] = { ...last, text: last.text + text };
    else runs.push({ text, ...style });
  }
  return runs;
}

/**
 * Rows are given without trailing blanks. `mark()` starts the counters anew: `written` is what came since then,
 * `bytes()` its length in UTF-8, `largestWrite()` that of its longest single write and `clears()` how often it
 * cleared the screen.
 */
export function createTerminal(size: TerminalSize) {
  const terminal = new xterm.Terminal({
    cols: size.columns,
    rows: size.rows,
    allowProposedApi: true,
    convertEol: true,
    scrollback: 10_000,
  });
  let unparsed = 0;
  let written = '';
  let largestWrite = 0;

  const row = (index: number) =>
    terminal.buffer.active
      .getLine(terminal.buffer.active.viewportY + index)
      ?.translateToString(true, 0, terminal.cols)
      .trimEnd() ?? '';

  const rows = () => Array.from({ length: terminal.rows }, (_, index) => row(index));
  const text = () => rows().join('\n').trimEnd();

  return {
    write(chunk: string, done?: () => void) {
      written += chunk;
      largestWrite = Math.max(largestWrite, Buffer.byteLength(chunk));
      unparsed += 1;
      terminal.write(chunk, () => {
        unparsed -= 1;
        done?.();
      });
    },
    resize: ({ columns, rows }: TerminalSize) => terminal.resize(columns, rows),
    onReply: (send: (reply: string) => void) => terminal.onData(send),
    /** All that was written has reached the screen. */
    isSettled: () => unparsed === 0,
    size: (): TerminalSize => ({ columns: terminal.cols, rows: terminal.rows }),
    /** As many as the terminal has. */
    rows,
    /** The same as runs of one style, for a picture. */
    styledRows: () =>
      Array.from({ length: terminal.rows }, (_, index) =>
        styledRuns(terminal.buffer.active.getLine(terminal.buffer.active.viewportY + index), terminal.cols),
      ),
    text,
    has: (wanted: string | RegExp) =>
      typeof wanted === 'string' ? text().includes(wanted) : wanted.test(text()),
    isAlternateScreen: () => terminal.buffer.active.type === 'alternate',
    /** Rows that scrolled off the main screen. */
    scrolledOff: () => terminal.buffer.normal.baseY,
    mark() {
      written = '';
      largestWrite = 0;
    },
    written: () => written,
    bytes: () => Buffer.byteLength(written),
    largestWrite: () => largestWrite,
    clears: () => written.match(SCREEN_CLEAR)?.length ?? 0,
    dispose: () => terminal.dispose(),
  };
}
