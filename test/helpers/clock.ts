/** Clocks for tests. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/ports/host.ts';

/** The machine's clock, whose sleeps take no more than 20 ms. */
export const hurriedClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    await delay(Math.min(ms, 20), undefined, signal === undefined ? {} : { signal });
  },
};

/** A clock that stands still except while somebody sleeps: then it jumps. `slept` holds each pause in ms. */
export function createJumpingClock(
  startMs = Date.UTC(2025, 0, 1),
): Clock & { readonly slept: readonly number[] } {
  let nowMs = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(nowMs),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
      await Promise.resolve();
    },
  };
}
