/**
 * The logs that somebody looks at, of one service or of many: a bounded ring of harmless lines in the order of time, told
 * in batches, through restarts of the containers. While it is held, what is shown stays, and what comes is kept apart.
 */

import { reportError } from '../../core/error.ts';
import { createEntryMaker, type LogEntry } from '../../core/logs/log-entry.ts';
import { emptyRing, type LogRing, logLimit, pushLines } from '../../core/logs/log-ring.ts';
import type { ServiceGroup } from '../../core/stack/stack.ts';
import type { Engine, LogLine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import { createStore, type Store } from '../store.ts';

export type LogTarget =
  | { readonly kind: 'none' }
  /** `group` is set when they are a group of the stack. */
  | { readonly kind: 'services'; readonly names: readonly string[]; readonly group?: ServiceGroup }
  /** Whatever services there are, also those that come later. */
  | { readonly kind: 'all' };

export type LogState = {
  readonly target: LogTarget;
  readonly phase: 'idle' | 'loading' | 'following' | 'waiting';
  /** The newest last; bounded. */
  readonly lines: readonly LogEntry[];
  /** How many lines before them were let go of. */
  readonly droppedCount: number;
  /** While it is held: how many lines came that are not shown. */
  readonly heldCount: number;
  /** Why nothing comes; undefined when it does. */
  readonly problem: string | undefined;
};

export type LogFollower = {
  readonly store: Store<LogState>;
  readonly follow: (target: LogTarget) => void;
  /** True: what is shown stays as it is until it is let go on. */
  readonly hold: (isHeld: boolean) => void;
};

export const idleLog: LogState = {
  target: { kind: 'none' },
  phase: 'idle',
  lines: [],
  droppedCount: 0,
  heldCount: 0,
  problem: undefined,
};

const firstTail = 300;
/** Of each of several. */
const firstTailOfMany = 50;
/** At most ten batches a second, however fast a service writes. */
const batchMs = 100;
const lookAgainMs = 1_000;

export const isSameTarget = (a: LogTarget, b: LogTarget): boolean =>
  a.kind === 'services' && b.kind === 'services'
    ? a.names.length === b.names.length && a.names.every((name, index) => name === b.names[index])
    : a.kind === b.kind;

/** What one service wrote and was not told yet. */
type Arrived = { readonly service: string; readonly line: LogLine };

export function createLogFollower(options: {
  readonly engine: Engine;
  readonly clock: Clock;
  /** The container that a service has now. */
  readonly containerOf: (service: string) => string | undefined;
  /** The names of all services that there are now. */
  readonly allServices: () => readonly string[];
  readonly signal: AbortSignal;
}): LogFollower {
  const { engine, clock } = options;
  const store = createStore<LogState>(idleLog);
  let current = new AbortController();
  let nextId = 0;
  let isHeld = false;
  let shown: LogRing = emptyRing;
  let held: LogRing = emptyRing;

  const tell = (change: Partial<LogState>): void => {
    const before = store.get();
    const heldCount = isHeld ? held.lines.length + held.droppedCount : 0;
    const next = { ...before, lines: shown.lines, droppedCount: shown.droppedCount, heldCount, ...change };
    const isSame = (Object.keys(next) as (keyof LogState)[]).every(key => next[key] === before[key]);
    if (!isSame) store.set(next);
  };

  /** Follows every service of the target; ends with the signal. */
  const watch = (target: LogTarget, signal: AbortSignal): void => {
    let pending: Arrived[] = [];
    let overflowCount = 0;
    let isFlushDue = false;
    const makers = new Map<string, ReturnType<typeof createEntryMaker>>();
    /** Why nothing comes of a service; undefined while it is followed. */
    const problems = new Map<string, string | undefined>();

    const phaseNow = (): Pick<LogState, 'phase' | 'problem'> => {
      const waiting = [...problems.values()];
      const isWaiting = waiting.length > 0 && waiting.every(problem => problem !== undefined);
      return isWaiting
        ? { phase: 'waiting', problem: waiting.length === 1 ? waiting[0] : 'None of them runs.' }
        : { phase: 'following', problem: undefined };
    };
    const flush = (): void => {
      isFlushDue = false;
      if (signal.aborted || pending.length === 0) return;
      const lines = pending.map(({ service, line }): LogEntry => {
        const make = makers.get(service) ?? createEntryMaker(service);
        makers.set(service, make);
        nextId += 1;
        return make(nextId, line);
      });
      if (isHeld) held = pushLines(held, lines, overflowCount);
      else shown = pushLines(shown, lines, overflowCount);
      pending = [];
      overflowCount = 0;
      tell(phaseNow());
    };
    const take = (service: string, line: LogLine): void => {
      pending.push({ service, line });
      // What the ring would drop anyway need not wait for the flush, nor be read.
      if (pending.length >= 2 * logLimit) {
        overflowCount += pending.length - logLimit;
        pending = pending.slice(-logLimit);
      }
      if (isFlushDue) return;
      isFlushDue = true;
      clock.sleep(batchMs, signal).then(flush, () => undefined);
    };
    const wait = (service: string, problem: string): void => {
      problems.set(service, problem);
      flush();
      if (!signal.aborted) tell(phaseNow());
    };

    const read = async (service: string, tail: number): Promise<void> => {
      /** The time of the last line: a container that starts again repeats what came before it. */
      let lastAt = '';
      while (!signal.aborted) {
        const containerId = options.containerOf(service);
        if (containerId === undefined) wait(service, `${service} has no container.`);
        else {
          try {
            const knownUntil = lastAt;
            let isKnown = knownUntil !== '';
            problems.set(service, undefined);
            const log = engine.logs(containerId, { tail: isKnown ? logLimit : tail, follow: true, signal });
            for await (const line of log) {
              isKnown = isKnown && line.at !== undefined && line.at <= knownUntil;
              if (isKnown) continue;
              lastAt = line.at ?? lastAt;
              take(service, line);
            }
            if (!signal.aborted) wait(service, `${service} does not run.`);
          } catch (thrown) {
            if (!signal.aborted) wait(service, reportError(thrown).message);
          }
        }
        await clock.sleep(lookAgainMs, signal).catch(() => undefined);
      }
    };

    if (target.kind === 'services') {
      const tail = target.names.length === 1 ? firstTail : firstTailOfMany;
      for (const name of target.names) void read(name, tail);
      return;
    }
    const readAll = async (): Promise<void> => {
      const known = new Set<string>();
      while (!signal.aborted) {
        for (const name of options.allServices()) {
          if (known.has(name)) continue;
          known.add(name);
          void read(name, firstTailOfMany);
        }
        await clock.sleep(lookAgainMs, signal).catch(() => undefined);
      }
    };
    if (target.kind === 'all') void readAll();
  };

  return {
    store,
    follow: target => {
      if (isSameTarget(target, store.get().target)) return;
      current.abort();
      current = new AbortController();
      shown = emptyRing;
      held = emptyRing;
      isHeld = false;
      store.set({ ...idleLog, target, phase: target.kind === 'none' ? 'idle' : 'loading' });
      if (target.kind !== 'none') watch(target, AbortSignal.any([options.signal, current.signal]));
    },
    hold: next => {
      if (next === isHeld) return;
      isHeld = next;
      if (!next) {
        shown = pushLines(shown, held.lines, held.droppedCount);
        held = emptyRing;
      }
      tell({});
    },
  };
}
