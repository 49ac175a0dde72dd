/** The log of one service: a bounded ring of harmless lines, told in batches, through restarts of its container. */

import { reportError } from '../../core/error.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import type { Engine, LogLine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import { createStore, type Store } from '../store.ts';

export type LogEntry = {
  /** Counts up; stays with the line. */
  readonly id: number;
  /** ISO 8601, as the engine stamped it. */
  readonly at: string | undefined;
  readonly stream: 'stdout' | 'stderr';
  /** Safe for a terminal. */
  readonly text: string;
};

export type LogState = {
  readonly service: string | undefined;
  readonly phase: 'idle' | 'loading' | 'following' | 'waiting';
  /** The newest last, at most `logLimit`. */
  readonly lines: readonly LogEntry[];
  /** Why nothing comes; undefined when it does. */
  readonly problem: string | undefined;
};

export type LogFollower = {
  readonly store: Store<LogState>;
  /** Undefined: nobody looks at a log any more. */
  readonly follow: (service: string | undefined) => void;
};

export const logLimit = 2_000;
const firstTail = 300;
/** At most ten batches a second, however fast a service writes. */
const batchMs = 100;
const lookAgainMs = 1_000;

export function createLogFollower(options: {
  readonly engine: Engine;
  readonly clock: Clock;
  /** The container that a service has now. */
  readonly containerOf: (service: string) => string | undefined;
  readonly signal: AbortSignal;
}): LogFollower {
  const { engine, clock, containerOf } = options;
  const store = createStore<LogState>({ service: undefined, phase: 'idle', lines: [], problem: undefined });
  let current = new AbortController();
  let nextId = 0;

  const read = async (service: string, signal: AbortSignal): Promise<void> => {
    let pending: LogEntry[] = [];
    let isFlushDue = false;
    /** The stamp of the last line: a container that starts again repeats what came before it. */
    let lastAt = '';

    const flush = (): void => {
      isFlushDue = false;
      // A log that ended was told whole: the flush that is still due must not call it followed.
      if (signal.aborted || pending.length === 0) return;
      const lines = [...store.get().lines, ...pending].slice(-logLimit);
      pending = [];
      store.set({ service, phase: 'following', lines, problem: undefined });
    };
    const take = (line: LogLine): void => {
      if (line.at !== undefined && line.at <= lastAt) return;
      lastAt = line.at ?? lastAt;
      nextId += 1;
      pending.push({ id: nextId, at: line.at, stream: line.stream, text: sanitiseLine(line.text) });
      // What the ring would drop anyway need not wait for the flush.
      if (pending.length > 2 * logLimit) pending = pending.slice(-logLimit);
      if (isFlushDue) return;
      isFlushDue = true;
      clock.sleep(batchMs, signal).then(flush, () => undefined);
    };
    const wait = (problem: string | undefined): void =>
      store.set({ ...store.get(), service, phase: 'waiting', problem });

    while (!signal.aborted) {
      const containerId = containerOf(service);
      if (containerId === undefined) wait(`${service} has no container.`);
      else {
        try {
          const log = engine.logs(containerId, {
            tail: lastAt === '' ? firstTail : logLimit,
            follow: true,
            signal,
          });
          for await (const line of log) take(line);
          flush();
          if (!signal.aborted) wait(`${service} does not run.`);
        } catch (thrown) {
          if (!signal.aborted) wait(reportError(thrown).message);
        }
      }
      await clock.sleep(lookAgainMs, signal).catch(() => undefined);
    }
  };

  return {
    store,
    follow: service => {
      if (service === store.get().service) return;
      current.abort();
      current = new AbortController();
      store.set({
        service,
        phase: service === undefined ? 'idle' : 'loading',
        lines: [],
        problem: undefined,
      });
      if (service !== undefined) void read(service, AbortSignal.any([options.signal, current.signal]));
    },
  };
}
