/** Lends this process's terminal to another program until it ends. */

import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ExternalError } from '../../core/error.ts';
import { announceStart } from './run-process.ts';

type ForegroundOptions = {
  /** The child's whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Written to the child's stdin as it is read, as far as the child reads. Without it the keyboard is its stdin. */
  readonly input?: (signal: AbortSignal) => AsyncIterable<string>;
};

/** A key that interrupts the other program reaches every process in front of the terminal: this one is not meant. */
const terminalSignals = ['SIGINT', 'SIGQUIT'] as const;
const ignore = (): void => undefined;

/**
 * Who let go of the keyboard before has only stopped to listen: Node reads on into a buffer of its own, and what it reads is
 * lost to the other program. Its stream stops reading when it is paused while it flows.
 */
async function letGoOfKeyboard({ stdin }: NodeJS.Process): Promise<void> {
  if (!stdin.isTTY) return;
  // That nobody listens any more is known to the stream in the next turn only.
  await nextTurn();
  stdin.resume();
  stdin.pause();
  await nextTurn();
}

/** How the program ended: its exit code, undefined when a signal ended it. Throws an ExternalError when it is not there. */
export async function runInForeground(
  file: string,
  args: readonly string[],
  { env, input }: ForegroundOptions,
): Promise<number | undefined> {
  await letGoOfKeyboard(process);
  for (const signal of terminalSignals) process.on(signal, ignore);
  const over = new AbortController();
  try {
    announceStart(file, args);
    const child = spawn(file, args, {
      env,
      stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
    });
    const ended = new Promise<number | undefined>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new ExternalError(`The program ${file} cannot be started (${error.code})`, {
            command: file,
            ...(error.code === undefined ? {} : { status: error.code }),
          }),
        ),
      );
      child.once('close', code => resolve(code ?? undefined));
    });
    // Who leaves a pager before the end has read enough.
    const fed =
      input === undefined || child.stdin === null
        ? undefined
        : pipeline(Readable.from(input(over.signal)), child.stdin).catch(
            (error: NodeJS.ErrnoException) => error,
          );
    const code = await ended;
    over.abort();
    const failure = await fed;
    if (failure instanceof ExternalError) throw failure;
    return code;
  } finally {
    over.abort();
    for (const signal of terminalSignals) process.off(signal, ignore);
  }
}
