/** Samples memory and CPU while somebody watches and something runs; of what is in sight where that costs the engine. */

import type { StatusInput } from '../../core/status/reduce-status.ts';
import { runningContainers, type StatusState } from '../../core/status/status-state.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import type { Store } from '../store.ts';
import type { MemoryFeed } from './memory-feed.ts';
import { whenever } from './whenever.ts';

const usageIntervalMs = 2_000;
/** The second sample comes soon: a CPU share needs two. */
const secondUsageMs = 500;
/** Sampling takes at most this part of the time, however slow the engine is. */
const samplingShare = 0.1;
/** However slow it is: an hour without figures would look like a screen that hangs. */
const longestPauseMs = 30_000;
/** So often what is not in sight is sampled too, where that costs: the totals are made of it. */
const wholeIntervalMs = 60_000;

export type UsageWatchOptions = {
  readonly engine: Pick<Engine, 'usage'>;
  readonly clock: Clock;
  readonly store: Store<StatusState>;
  /** Resolves when somebody watches, or with the signal. */
  readonly watched: (signal: AbortSignal) => Promise<void>;
  /** The services whose figures can be seen; undefined: nobody said, so all. */
  readonly inSight: () => readonly string[] | undefined;
  readonly hear: (input: StatusInput) => void;
  readonly memoryFeed: MemoryFeed | undefined;
  readonly signal: AbortSignal;
};

const canBeSampled = (state: StatusState): boolean =>
  state.engine.kind === 'answering' && runningContainers(state).length > 0;

/** Until the signal. Never throws: a sample that fails is a sample less, and the events tell when the engine is gone. */
export async function watchUsage(options: UsageWatchOptions): Promise<void> {
  const { engine, clock, store, watched, inSight, hear, memoryFeed, signal } = options;
  const now = (): number => clock.now().getTime();
  let sampledCount = 0;
  let wholeAtMs = Number.NEGATIVE_INFINITY;

  const sample = async (): Promise<void> => {
    const names = inSight();
    const isWhole = names === undefined || sampledCount < 2 || now() - wholeAtMs >= wholeIntervalMs;
    const { services } = store.get();
    const askable = isWhole
      ? undefined
      : new Set(
          services.flatMap(({ name, containerId }) => (names.includes(name) ? [containerId ?? ''] : [])),
        );
    const samples = await engine.usage(runningContainers(store.get()), signal, askable);
    hear({ kind: 'usage', atMs: now(), samples, askable });
    if (isWhole) wholeAtMs = now();
    sampledCount += 1;
    memoryFeed?.sampled(store.get(), samples);
  };

  while (!signal.aborted) {
    await watched(signal);
    if (!canBeSampled(store.get())) {
      // What begins anew needs two samples again. What ended is no part of the totals any more; what the engine does not
      // tell stays as it was.
      sampledCount = 0;
      if (store.get().engine.kind === 'answering') hear({ kind: 'usage', atMs: now(), samples: new Map() });
      await whenever(store, canBeSampled, signal);
      continue;
    }
    const startedMs = now();
    await sample().catch(() => undefined);
    const pauseMs = sampledCount < 2 ? secondUsageMs : usageIntervalMs;
    const restMs = Math.min(longestPauseMs, (now() - startedMs) / samplingShare);
    await clock.sleep(Math.max(pauseMs, restMs), signal).catch(() => undefined);
  }
}
