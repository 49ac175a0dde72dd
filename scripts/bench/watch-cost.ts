/** What it costs to watch: one program in a pseudo-terminal, from its start over its first figures to a quiet stretch of time. */

import pty from '@lydell/node-pty';
import { createTerminal } from '../../test/helpers/terminal.ts';
import { cpuMs, engineProcesses, proportionalMiB, residentMiB } from './process-cost.ts';

export type Contender = {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  /** A row of the screen with figures of a container. */
  readonly row: RegExp;
  /** What it needs besides. */
  readonly environment?: Readonly<Record<string, string>>;
};

export type Place = {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
};

export type Start = {
  /** Until something can be read. */
  readonly frameMs: number;
  /** Until there is a container with figures; undefined when there never was. */
  readonly rowMs: number | undefined;
};

/** Shares of one core, 0…1. */
export type Cost = {
  readonly own: number;
  readonly engine: number;
  readonly influxdb: number;
  readonly bytesPerSecond: number;
  readonly residentMiB: number;
  /** Shared pages in parts; undefined where the kernel does not tell. */
  readonly proportionalMiB: number | undefined;
};

const giveUpMs = 15_000;

/** Starts the program; `close` ends it. */
export function watchInTerminal({ file, args, row, environment }: Contender, place: Place) {
  const { columns, rows } = place;
  const terminal = createTerminal({ columns, rows });
  const startedMs = performance.now();
  const child = pty.spawn(file, [...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: place.folder,
    env: { ...place.environment, ...environment },
  });
  let isOver = false;
  let byteCount = 0;
  let seen: { frameMs?: number; rowMs?: number } = {};
  const listeners = new Set<(atMs: number) => void>();
  const ended = new Promise<void>(resolve =>
    child.onExit(() => {
      isOver = true;
      resolve();
    }),
  );
  child.onData(chunk => {
    const atMs = performance.now();
    byteCount += Buffer.byteLength(chunk);
    terminal.write(chunk, () => {
      if (seen.frameMs === undefined && terminal.text() !== '') seen = { ...seen, frameMs: atMs - startedMs };
      if (seen.rowMs === undefined && terminal.rows().some(text => row.test(text)))
        seen = { ...seen, rowMs: atMs - startedMs };
      for (const listener of [...listeners]) listener(atMs);
    });
    // All that is counted has been counted: the text of hours is not kept.
    terminal.mark();
  });
  terminal.onReply(reply => {
    if (!isOver) child.write(reply);
  });

  /** Resolves with the time of the chunk with which `predicate` became true; undefined when it never did. */
  const when = (predicate: () => boolean, timeoutMs: number): Promise<number | undefined> =>
    new Promise(resolve => {
      const finish = (atMs: number | undefined): void => {
        listeners.delete(look);
        clearTimeout(timer);
        resolve(atMs);
      };
      const look = (atMs: number): void => {
        if (predicate()) finish(atMs);
      };
      const timer = setTimeout(() => finish(undefined), timeoutMs);
      listeners.add(look);
    });

  return {
    pid: child.pid,
    terminal,
    when,
    bytes: () => byteCount,
    press: (keys: string) => child.write(keys),
    /** Resolves when figures are there, or after a while without them. Throws when nothing appears at all. */
    started: async (): Promise<Start> => {
      if (seen.rowMs === undefined) await when(() => seen.rowMs !== undefined, giveUpMs);
      const { frameMs, rowMs } = seen;
      if (frameMs === undefined) throw new Error(`${file} ${args.join(' ')} showed nothing.`);
      return { frameMs, rowMs };
    },
    close: async (): Promise<void> => {
      if (!isOver) child.kill('SIGKILL');
      await ended;
      terminal.dispose();
    },
  };
}

export type Watching = ReturnType<typeof watchInTerminal>;

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** What a stretch of time costs; `watching` undefined: while nobody watches. */
export async function measureCost(
  watching: Watching | undefined,
  influxdbPid: number,
  seconds: number,
): Promise<Cost> {
  const engine = engineProcesses();
  const look = () => ({
    atMs: performance.now(),
    own: watching === undefined ? 0 : cpuMs(watching.pid),
    engine: engine.reduce((sum, pid) => sum + cpuMs(pid), 0),
    influxdb: cpuMs(influxdbPid),
    bytes: watching?.bytes() ?? 0,
  });
  const before = look();
  await pause(seconds * 1000);
  const after = look();
  const elapsedMs = after.atMs - before.atMs;
  return {
    own: (after.own - before.own) / elapsedMs,
    engine: (after.engine - before.engine) / elapsedMs,
    influxdb: (after.influxdb - before.influxdb) / elapsedMs,
    bytesPerSecond: ((after.bytes - before.bytes) * 1000) / elapsedMs,
    residentMiB: watching === undefined ? 0 : residentMiB(watching.pid),
    proportionalMiB: watching === undefined ? 0 : proportionalMiB(watching.pid),
  };
}
