/** Follows an engine through its events, lists the containers when something happened, and survives its absence. */

import { reportError } from '../../core/error.ts';
import type { StatusInput } from '../../core/status/reduce-status.ts';
import type { Container, Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';

export type WatchOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly project: string;
  readonly hear: (input: StatusInput) => void;
  /** Told each list before it is heard. */
  readonly onList?: ((containers: readonly Container[]) => void) | undefined;
  readonly signal: AbortSignal;
};

/** From an event to the list that it causes, so that a burst costs one list. */
const settleMs = 60;
/** At least this long between two lists, and so many times as long as the last one took: a slow engine has its rest. */
const listGapMs = 300;
const listGapShare = 4;
const longestListGapMs = 10_000;
/** After a connection, a second look: the event stream may have begun after the first one. */
const secondLookMs = 700;
const firstRetryMs = 1_000;
const longestRetryMs = 10_000;
/** So far back the engine is asked for what happened before the first connection. */
const historyMs = 3_600_000;
/** After a lost connection what came shortly before is asked for once more: nothing falls in between. */
const overlapMs = 5_000;

/** One connection: lists, then follows the events until they end. Throws when the engine cannot be reached. */
async function followOnce(
  { engine, clock, project, hear, onList, signal }: WatchOptions,
  sinceMs: number,
  heard: () => void,
): Promise<void> {
  const connection = new AbortController();
  const either = AbortSignal.any([signal, connection.signal]);
  let failure: unknown;
  let mayListAtMs = Number.NEGATIVE_INFINITY;
  let next: 'none' | 'due' | 'under-way' = 'none';
  /** Something happened while a list was under way: it may not be in it. */
  let isOutdated = false;

  const now = (): number => clock.now().getTime();
  const list = async (): Promise<void> => {
    const askedAtMs = now();
    const containers = await engine.containers(project, either);
    const atMs = now();
    mayListAtMs = atMs + Math.max(listGapMs, Math.min(longestListGapMs, listGapShare * (atMs - askedAtMs)));
    onList?.(containers);
    hear({ kind: 'listed', atMs, containers });
    heard();
  };
  const listLater = (delayMs: number): void => {
    if (next === 'under-way') isOutdated = true;
    if (next !== 'none') return;
    next = 'due';
    const waitMs = Math.max(delayMs, mayListAtMs - now());
    const run = async (): Promise<void> => {
      await clock.sleep(waitMs, either);
      next = 'under-way';
      isOutdated = false;
      await list();
      next = 'none';
      if (isOutdated) listLater(settleMs);
    };
    run().catch(thrown => {
      // An aborted wait is the end of the connection, not a failure of the engine.
      if (!either.aborted) failure = thrown;
      connection.abort();
    });
  };

  try {
    const events = engine.events(project, either, sinceMs)[Symbol.asyncIterator]();
    let coming = events.next();
    // The list speaks first: a stream that fails at once is the engine's absence, which the list words better.
    coming.catch(() => undefined);
    await list();
    listLater(secondLookMs);
    for (let step = await coming; step.done !== true; step = await coming) {
      hear({ kind: 'engine-event', event: step.value });
      // A signal changes no container; the end that it brings about does.
      if (step.value.action !== 'kill') listLater(settleMs);
      coming = events.next();
    }
  } finally {
    connection.abort();
  }
  if (failure !== undefined) throw failure;
}

/** Counts down to `untilMs`, a tick a second. */
async function waitForRetry({ clock, hear, signal }: WatchOptions, untilMs: number): Promise<void> {
  for (;;) {
    const leftMs = untilMs - clock.now().getTime();
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(1_000, leftMs), signal);
    hear({ kind: 'tick', atMs: clock.now().getTime() });
  }
}

/** Until the signal. Never throws: an engine that does not answer is a state. */
export async function watchEngine(options: WatchOptions): Promise<void> {
  const { clock, hear, signal } = options;
  let retryMs = firstRetryMs;
  let sinceMs = clock.now().getTime() - historyMs;
  while (!signal.aborted) {
    let message = 'Docker closed the connection.';
    try {
      await followOnce(options, sinceMs, () => {
        retryMs = firstRetryMs;
      });
    } catch (thrown) {
      message = reportError(thrown).message;
    }
    if (signal.aborted) return;
    const atMs = clock.now().getTime();
    sinceMs = atMs - overlapMs;
    hear({ kind: 'engine-gone', atMs, message, retryAtMs: atMs + retryMs });
    await waitForRetry(options, atMs + retryMs).catch(() => undefined);
    retryMs = Math.min(longestRetryMs, retryMs * 2);
  }
}
