/** A command in a real pseudo-terminal, with its screen kept in memory. */

import pty from '@lydell/node-pty';
import { createTerminal, type TerminalSize } from './terminal.ts';
import { until } from './until.ts';

export type Pty = ReturnType<typeof startInPty>;

/** Variables of the test run that would change what the command does. */
const NOT_INHERITED =
  /^(CI|CONTINUOUS_INTEGRATION|BUILD_NUMBER|NODE_TEST_CONTEXT|NODE_OPTIONS|NO_COLOR|FORCE_COLOR|TMUX|SSH_.*)$/;

/** Starts the command at once; `environment` is added to that of the test run. Call `close()` at the end of the test. */
export function startInPty(
  file: string,
  args: readonly string[],
  {
    columns = 80,
    rows = 24,
    folder = process.cwd(),
    environment = {},
  }: {
    readonly columns?: number;
    readonly rows?: number;
    readonly folder?: string;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
) {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const child = pty.spawn(file, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: folder,
    env: { ...Object.fromEntries(inherited), LANG: 'C.UTF-8', CI: 'false', ...environment },
  });
  const terminal = createTerminal({ columns, rows });
  let exit: { readonly exitCode: number; readonly signal: number | undefined } | undefined;
  let isHungUp = false;
  child.onData(chunk => terminal.write(chunk));
  // A program may ask the terminal something; a real one answers.
  terminal.onReply(reply => {
    if (exit === undefined && !isHungUp) {
      child.write(reply);
    }
  });
  child.onExit(({ exitCode, signal }) => {
    exit = { exitCode, signal: signal || undefined };
  });

  const describe = (what: string) => () =>
    `${what}; ${exit ? `it ended with ${exit.exitCode}` : 'it still runs'}, the screen is\n${terminal.text()}\n`;
  const wait = <T>(predicate: () => T, what: string, timeoutMs: number) =>
    until(() => terminal.isSettled() && predicate(), { timeoutMs, describe: describe(what) });

  return {
    ...terminal,
    pid: child.pid,
    until: (predicate: () => boolean, timeoutMs = 10_000) => wait(predicate, predicate.toString(), timeoutMs),
    waitForText: (text: string | RegExp, timeoutMs = 10_000) =>
      wait(() => terminal.has(text), `the text ${text}`, timeoutMs),
    /** `signal` is undefined when it ended by itself. */
    waitForExit: (timeoutMs = 10_000) => wait(() => exit, 'its end', timeoutMs),
    /** Each key as a chunk of its own; wait for what it does before the next one. */
    press(...keys: readonly string[]) {
      for (const key of keys) {
        child.write(key);
      }
    },
    resize(size: TerminalSize) {
      terminal.resize(size);
      child.resize(size.columns, size.rows);
    },
    signal: (name: NodeJS.Signals) => child.kill(name),
    /** What a dropped connection does: the terminal goes away and the command gets SIGHUP. */
    hangUp() {
      isHungUp = true;
      destroy(child);
    },
    /** Ends the command if it still runs. */
    async close() {
      if (exit === undefined) {
        child.kill('SIGKILL');
        await wait(() => exit, 'its end after SIGKILL', 5000);
      }
      terminal.dispose();
    },
  };
}

/** Closes the terminal's end; in the library but not in its types. */
function destroy(child: pty.IPty): void {
  (child as pty.IPty & { destroy: () => void }).destroy();
}
