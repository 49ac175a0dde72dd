import type { Clock } from '../../ports/host.ts';

/** A sleep that others can end. A `wake` while nobody sleeps ends the next sleep at once. */
export function createWaker(clock: Clock) {
  let isWoken = false;
  let sleeping: AbortController | undefined;
  return {
    wake: (): void => {
      isWoken = true;
      sleeping?.abort();
    },
    /** Throws the signal's reason when that is what ended it. */
    sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
      if (!isWoken) {
        sleeping = new AbortController();
        await clock.sleep(ms, AbortSignal.any([signal, sleeping.signal])).catch(() => undefined);
        sleeping = undefined;
      }
      isWoken = false;
      signal.throwIfAborted();
    },
  };
}
