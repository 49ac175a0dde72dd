/** A clock that stands still until a test moves it. */

import type { Clock } from '../../src/ports/host.ts';

export type ManualClock = Clock & {
  /** Moves on, waking each sleeper at its time and letting what it does settle before the next. */
  readonly advance: (ms: number) => Promise<void>;
  /** Moves on at once, as over a suspended machine: who sleeps wakes late. */
  readonly jump: (ms: number) => Promise<void>;
  /** How many sleep now. */
  readonly sleeperCount: () => number;
};

type Sleeper = { readonly dueMs: number; readonly wake: () => void };

/** Lets promises and streams that are ready run. */
export async function settlePromises(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise(resolve => setImmediate(resolve));
}

export function createManualClock(startAt = '2026-01-05T12:00:00.000Z'): ManualClock {
  let nowMs = Date.parse(startAt);
  const sleepers = new Set<Sleeper>();

  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        dueMs: nowMs + ms,
        wake: () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      sleepers.add(sleeper);
    });

  return {
    now: () => new Date(nowMs),
    sleep,
    sleeperCount: () => sleepers.size,
    jump: async ms => {
      nowMs += ms;
      for (const sleeper of [...sleepers].filter(({ dueMs }) => dueMs <= nowMs)) sleeper.wake();
      await settlePromises();
    },
    advance: async ms => {
      const endMs = nowMs + ms;
      await settlePromises();
      for (;;) {
        const due = [...sleepers]
          .filter(({ dueMs }) => dueMs <= endMs)
          .toSorted((a, b) => a.dueMs - b.dueMs)[0];
        if (due === undefined) break;
        nowMs = Math.max(nowMs, due.dueMs);
        due.wake();
        await settlePromises();
      }
      nowMs = endMs;
      await settlePromises();
    },
  };
}
