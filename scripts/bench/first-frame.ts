/** One start in a real pseudo-terminal: how long until something can be read, and how much memory that takes. */

import { stripVTControlCharacters } from 'node:util';
import pty from '@lydell/node-pty';
import { cpuMs, residentMiB } from './process-cost.ts';

export type FirstFrame = {
  readonly ms: number;
  /** CPU time of the program until then; says more than `ms` on a busy machine. */
  readonly cpuMs: number;
  readonly residentMiB: number;
};

const giveUpMs = 10_000;

/** Ends the program after the measurement. Rejects when nothing appears or the program ends first. */
export async function measureFirstFrame(
  file: string,
  args: readonly string[],
  {
    folder,
    environment,
    shows,
  }: {
    readonly folder: string;
    readonly environment: Readonly<Record<string, string>>;
    /** What must be among the text; anything unless given. */
    readonly shows?: string | undefined;
  },
): Promise<FirstFrame> {
  const startedMs = performance.now();
  const child = pty.spawn(file, [...args], {
    name: 'xterm-256color',
    cols: 80,
    rows: 24,
    cwd: folder,
    env: { ...environment },
  });
  let written = '';
  const ended = new Promise<void>(resolve => child.onExit(() => resolve()));
  try {
    const ms = await new Promise<number>((resolve, reject) => {
      const fail = () => reject(new Error(`${file} ${args.join(' ')} showed nothing but\n${written}`));
      const timer = setTimeout(fail, giveUpMs);
      void ended.then(fail);
      child.onData(chunk => {
        written += chunk;
        const text = stripVTControlCharacters(written).trim();
        if (shows === undefined ? text !== '' : text.includes(shows)) {
          clearTimeout(timer);
          resolve(performance.now() - startedMs);
        }
      });
    });
    return { ms, cpuMs: cpuMs(child.pid), residentMiB: residentMiB(child.pid) };
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}
