import { reportError } from '../../core/error.ts';
import { createStatus, type StatusOptions } from '../../core/status/create-status.ts';
import type { DataFlowSample } from '../../core/status/data-sample.ts';
import { reduceStatus } from '../../core/status/reduce-status.ts';
import { runningContainers, type StatusState } from '../../core/status/status-state.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import type { FindTokenProblems } from './describe-deployment.ts';
import { type BoxSource, createBoxLook } from './watch-box.ts';
import { askAllHealth, type HealthSource } from './watch-health.ts';

/** Between the two samples that a CPU share needs. */
const cpuWindowMs = 300;
/** The database may not make a script wait. */
const dataTimeoutMs = 3_000;

/**
 * The status as it is now: one list, two samples 300 ms apart, the questions to the database. Never throws for an
 * engine or a database that does not answer: that is in the status.
 */
export async function observeOnce(options: {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly status: Omit<StatusOptions, 'nowMs'>;
  readonly queryDataFlow: ((signal: AbortSignal) => Promise<DataFlowSample>) | undefined;
  readonly findTokenProblems?: FindTokenProblems | undefined;
  readonly health?: HealthSource | undefined;
  readonly box?: BoxSource | undefined;
  readonly signal: AbortSignal;
}): Promise<StatusState> {
  const { engine, clock, signal } = options;
  const now = (): number => clock.now().getTime();
  let state = createStatus({ ...options.status, nowMs: now() });

  const askData = async (): Promise<StatusState['data']['sample'] | string | undefined> => {
    if (options.queryDataFlow === undefined) return undefined;
    const patience = new AbortController();
    const over = AbortSignal.any([signal, patience.signal]);
    const timer = clock.sleep(dataTimeoutMs, over).then(
      () => patience.abort(),
      () => undefined,
    );
    try {
      return { ...(await options.queryDataFlow(over)), sampledAtMs: now() };
    } catch (thrown) {
      signal.throwIfAborted();
      return patience.signal.aborted ? 'InfluxDB took too long to answer.' : reportError(thrown).message;
    } finally {
      patience.abort();
      await timer;
    }
  };

  const data = askData();
  // A database that does not answer is told with the data.
  const tokens = options
    .findTokenProblems?.(AbortSignal.any([signal, AbortSignal.timeout(dataTimeoutMs)]))
    .catch(() => undefined);
  try {
    const containers = await engine.containers(options.status.project, signal);
    state = reduceStatus(state, { kind: 'listed', atMs: now(), containers });
    const answers =
      options.health === undefined ? undefined : askAllHealth(options.health, containers, clock, signal);
    const running = runningContainers(state);
    for (const pauseMs of running.length === 0 ? [] : [0, cpuWindowMs]) {
      if (pauseMs > 0) await clock.sleep(pauseMs, signal);
      const samples = await engine.usage(running, signal);
      state = reduceStatus(state, { kind: 'usage', atMs: now(), samples });
    }
    const said = await answers;
    if (said !== undefined) state = reduceStatus(state, { kind: 'health', atMs: now(), seen: said });
  } catch (thrown) {
    signal.throwIfAborted();
    const { message } = reportError(thrown);
    state = reduceStatus(state, { kind: 'engine-gone', atMs: now(), message, retryAtMs: now() });
  }
  const box =
    options.box === undefined
      ? undefined
      : await createBoxLook(options.box, clock)(signal).catch(() => undefined);
  if (box !== undefined) state = reduceStatus(state, box);
  const problems = await tokens;
  signal.throwIfAborted();
  if (problems !== undefined) state = reduceStatus(state, { kind: 'tokens', problems });
  const seen = await data;
  if (typeof seen === 'string')
    return reduceStatus(state, { kind: 'data-failed', atMs: now(), message: seen });
  return seen === undefined
    ? state
    : reduceStatus(state, { kind: 'data', atMs: seen.sampledAtMs, sample: seen });
}
