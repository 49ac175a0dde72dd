/** Time and randomness, so that whoever decides can be tested without them. */

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock, Random } from '../../ports/host.ts';

export const createClock = (): Clock => ({
  now: () => new Date(),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
});

export const createRandom = (): Random => ({
  secret: bytes => randomBytes(bytes).toString('base64url'),
});
