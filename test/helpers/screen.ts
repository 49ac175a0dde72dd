/** Ink in this process, drawing on a terminal in memory with the options of the real program. */

import { EventEmitter } from 'node:events';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { createTerminal, type TerminalSize } from './terminal.ts';
import { until } from './until.ts';

/** What a terminal sends for a key. */
export const KEYS = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  shiftTab: '\x1b[Z',
  backspace: '\x7f',
  delete: '\x1b[3~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
  space: ' ',
  interrupt: '\x03',
} as const;

/**
 * Draws the tree in the alternate screen with incremental rendering. Call `close()` at the end of the test.
 * `maxFps` is high, so that tests do not wait for the throttle; give 10 to see what the real program sends.
 */
export function renderOnScreen(
  tree: ReactNode,
  {
    columns = 80,
    rows = 24,
    maxFps = 100,
  }: { readonly columns?: number; readonly rows?: number; readonly maxFps?: number } = {},
) {
  const terminal = createTerminal({ columns, rows });
  const stdout = createOutput(terminal);
  const stdin = createInput();
  const instance = render(tree, {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    exitOnCtrlC: false,
    patchConsole: false,
    maxFps,
  });
  const describe = (what: string) => () => `${what}; the screen is\n${terminal.text()}\n`;

  return {
    ...terminal,
    waitUntilExit: instance.waitUntilExit,
    rerender: instance.rerender,
    /** Sends each key as a chunk of its own, and lets the program answer in between. */
    async press(...keys: readonly string[]) {
      for (const key of keys) {
        stdin.send(key);
        await new Promise(resolve => setImmediate(resolve));
      }
    },
    /** What a slow line does: all of it arrives in one chunk. */
    sendChunk: (chunk: string) => stdin.send(chunk),
    until: (predicate: () => boolean, timeoutMs = 5000) =>
      until(() => terminal.isSettled() && predicate(), {
        timeoutMs,
        describe: describe(predicate.toString()),
      }),
    waitForText: (text: string | RegExp, timeoutMs = 5000) =>
      until(() => terminal.isSettled() && terminal.has(text), {
        timeoutMs,
        describe: describe(`the text ${text}`),
      }),
    resize(size: TerminalSize) {
      terminal.resize(size);
      stdout.columns = size.columns;
      stdout.rows = size.rows;
      stdout.emit('resize');
    },
    close() {
      instance.unmount();
      terminal.dispose();
    },
  };
}

type Output = EventEmitter & {
  isTTY: true;
  columns: number;
  rows: number;
  write: (text: string, ...rest: unknown[]) => boolean;
};

function createOutput(terminal: ReturnType<typeof createTerminal>): Output {
  const { columns, rows } = terminal.size();
  return Object.assign(new EventEmitter(), {
    isTTY: true as const,
    columns,
    rows,
    write(text: string, ...rest: unknown[]) {
      const done = rest.find(argument => typeof argument === 'function') as (() => void) | undefined;
      terminal.write(text, done);
      return true;
    },
  });
}

/** Unlike a real stream it never joins chunks, so a test decides what arrives together. */
function createInput() {
  const chunks: string[] = [];
  const input = Object.assign(new EventEmitter(), {
    isTTY: true as const,
    setEncoding: () => input,
    setRawMode: () => input,
    ref: () => input,
    unref: () => input,
    resume: () => input,
    pause: () => input,
    read: () => chunks.shift() ?? null,
    send(chunk: string) {
      chunks.push(chunk);
      input.emit('readable');
    },
  });
  return input;
}
