/**
 * Keeps the status of a deployment up to date: events tell of states, the control groups of memory and CPU, the
 * database of data. Nothing is sampled while nobody watches. It changes nothing: actions are handed to `act`.
 */

import { reportError } from '../../core/error.ts';
import type { LogEntry } from '../../core/logs/log-entry.ts';
import { createStatus, type StatusOptions } from '../../core/status/create-status.ts';
import type { DataFlowSample } from '../../core/status/data-sample.ts';
import { reduceStatus, type StatusInput } from '../../core/status/reduce-status.ts';
import type { ServiceCommand } from '../../core/status/service-actions.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import { createStore, type Store } from '../store.ts';
import type { FindTokenProblems } from './describe-deployment.ts';
import { createLogFollower, type LogFollower, type LogState } from './log-follower.ts';
import type { MemoryFeed } from './memory-feed.ts';
import { type BoxSource, watchBox } from './watch-box.ts';
import { watchEngine } from './watch-engine.ts';
import { type HealthSource, startHealthWatch } from './watch-health.ts';
import { watchUsage } from './watch-usage.ts';
import { whenever } from './whenever.ts';

export type SaveLog = (name: string, lines: readonly LogEntry[]) => Promise<string>;

export type MonitorOptions = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly status: Omit<StatusOptions, 'nowMs'>;
  /** What is on the screen already: it stays there when the engine goes before it was looked at for the first time. */
  readonly glanced?: StatusState | undefined;
  /** Undefined: nothing is known of a database. Asked at most every ten seconds. */
  readonly queryDataFlow: ((signal: AbortSignal) => Promise<DataFlowSample>) | undefined;
  /** Asked once a minute, as a container that is started may hold another token. Undefined: nobody can say. */
  readonly findTokenProblems?: FindTokenProblems | undefined;
  /** Undefined: services are not asked for their health. */
  readonly health?: HealthSource | undefined;
  /** Undefined: the machine is not looked at. */
  readonly box?: BoxSource | undefined;
  /** Does what the operator asked for; resolves when it is done. Undefined: this is a place to look only. */
  readonly act: ((command: ServiceCommand) => Promise<void>) | undefined;
  /** Is told what is sampled of memory. Undefined: nothing is kept of it. */
  readonly memoryFeed?: MemoryFeed;
  /** Writes lines of a log into a new file and tells where it is. Undefined: nothing can be saved here. */
  readonly saveLog?: SaveLog | undefined;
  /** Ends everything. */
  readonly signal: AbortSignal;
};

export type Monitor = {
  /** Sampling goes on while somebody is subscribed. */
  readonly store: Store<StatusState>;
  readonly logs: Store<LogState>;
  readonly followLog: LogFollower['follow'];
  readonly holdLog: LogFollower['hold'];
  readonly saveLog: SaveLog | undefined;
  readonly act: ((command: ServiceCommand) => Promise<void>) | undefined;
  /** Asks a service for its health, since somebody looks at it. */
  readonly askHealth: (service: string) => void;
  /** Tells which services are in sight: only these are asked for where that costs the engine. */
  readonly see: (services: readonly string[]) => void;
  /** Resolves when everything has ended after the signal, and what was sampled of memory is written. */
  readonly ended: Promise<void>;
};

const dataIntervalMs = 10_000;
const tokensIntervalMs = 60_000;

/** A store that knows whether somebody reads it. */
function countWatchers<State>(store: Store<State>): {
  readonly store: Store<State>;
  readonly isWatched: () => boolean;
  readonly watched: (signal: AbortSignal) => Promise<void>;
} {
  let count = 0;
  const waiting = new Set<() => void>();
  return {
    isWatched: () => count > 0,
    watched: signal =>
      new Promise(resolve => {
        if (count > 0 || signal.aborted) {
          resolve();
          return;
        }
        const go = (): void => {
          waiting.delete(go);
          signal.removeEventListener('abort', go);
          resolve();
        };
        waiting.add(go);
        signal.addEventListener('abort', go, { once: true });
      }),
    store: {
      get: store.get,
      subscribe: listener => {
        count += 1;
        for (const go of [...waiting]) go();
        const unsubscribe = store.subscribe(listener);
        let isOver = false;
        return () => {
          if (isOver) return;
          isOver = true;
          count -= 1;
          unsubscribe();
        };
      },
    },
  };
}

export function startMonitor(options: MonitorOptions): Monitor {
  const { engine, clock, signal } = options;
  const inner = createStore(createStatus({ ...options.status, nowMs: clock.now().getTime() }));
  const { store, watched } = countWatchers(inner);
  const hear = (input: StatusInput): void => {
    const isTooEarly = input.kind === 'engine-gone' && inner.get().listedAtMs === undefined;
    const before = (isTooEarly ? options.glanced : undefined) ?? inner.get();
    inner.set(reduceStatus(before, input));
  };
  const now = (): number => clock.now().getTime();
  let inSight: readonly string[] | undefined;

  /** Asks while somebody watches and the engine answers. */
  const ask = async (intervalMs: number, question: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      await watched(signal);
      await whenever(inner, ({ engine: { kind } }) => kind === 'answering', signal);
      if (signal.aborted) return;
      await question();
      await clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  };

  const askData = async (query: NonNullable<MonitorOptions['queryDataFlow']>): Promise<void> => {
    try {
      const sample = await query(signal);
      hear({ kind: 'data', atMs: now(), sample });
    } catch (thrown) {
      if (!signal.aborted) hear({ kind: 'data-failed', atMs: now(), message: reportError(thrown).message });
    }
  };

  const askTokens = async (find: FindTokenProblems): Promise<void> => {
    // A database that does not answer is told with the data; what was known of tokens stays.
    const problems = await find(signal).catch(() => undefined);
    if (problems !== undefined && !signal.aborted) hear({ kind: 'tokens', problems });
  };
  const { queryDataFlow, findTokenProblems } = options;

  const logs = createLogFollower({
    engine,
    clock,
    signal,
    containerOf: name => inner.get().services.find(service => service.name === name)?.containerId,
    allServices: () =>
      inner.get().services.flatMap(({ name, containerId }) => (containerId === undefined ? [] : [name])),
  });

  const health =
    options.health === undefined
      ? undefined
      : startHealthWatch({ source: options.health, clock, watched, hear, signal });

  const ended = Promise.all([
    health?.ended,
    ...(options.box === undefined ? [] : [watchBox({ source: options.box, clock, watched, hear, signal })]),
    watchEngine({
      engine,
      clock,
      project: options.status.project,
      hear,
      onList: containers => {
        options.memoryFeed?.listed(containers);
        health?.listed(containers);
      },
      signal,
    }),
    watchUsage({
      engine,
      clock,
      store: inner,
      watched,
      inSight: () => inSight,
      hear,
      memoryFeed: options.memoryFeed,
      signal,
    }),
    ...(queryDataFlow === undefined ? [] : [ask(dataIntervalMs, () => askData(queryDataFlow))]),
    ...(findTokenProblems === undefined ? [] : [ask(tokensIntervalMs, () => askTokens(findTokenProblems))]),
  ]).then(() => options.memoryFeed?.close());

  return {
    store,
    logs: logs.store,
    followLog: logs.follow,
    holdLog: logs.hold,
    saveLog: options.saveLog,
    act: options.act,
    askHealth: service => health?.ask(service),
    see: services => {
      inSight = services;
    },
    ended,
  };
}
