/**
 * One look at the data after the other, at a price that InfluxDB does not notice: its own counters where it publishes
 * them (2 ms of its CPU), a Flux query at the first look and where it does not (25 times as much).
 */

import { modeStartedAtMs } from '../../core/isolation/other-mode.ts';
import { type Mode, modeFacts, otherMode } from '../../core/mode/mode.ts';
import type { BucketSight, DataCost, DataFlowSample, Strays } from '../../core/status/data-sample.ts';
import { findOtherModeWriters } from '../../core/status/other-mode-writers.ts';
import {
  addCounts,
  bytesByBucket,
  type PointCounts,
  pointsPerMinute,
} from '../../core/status/point-counts.ts';
import type { Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import type { Influx, InfluxBucket, ShardCounter } from '../../ports/influxdb.ts';
import { type DataFlow, queryDataFlow, queryWriters } from '../buckets/data-flow.ts';
import type { HomeAssistantLook } from './home-assistant-look.ts';

export type DataLook = (signal: AbortSignal) => Promise<DataFlowSample>;

/** Over this long a query counts points. */
const flowWindowSeconds = 60;
/** Who writes is asked at most so often, over so long. */
const strayIntervalMs = 60_000;
const strayWindowSeconds = 120;
/** Names, ids and retention of buckets hardly ever change. */
const bucketsIntervalMs = 600_000;
/** Without counters every sixth query is for the other mode: once a minute, over a minute. */
const otherEvery = 6;
const firstPatienceMs = 1_000;

type Server = { readonly own: readonly InfluxBucket[]; readonly other: readonly InfluxBucket[] };

export function createDataLook(options: {
  readonly influx: Influx;
  readonly engine: Pick<Engine, 'containers'>;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly project: string;
  readonly token: string;
  /** The other mode's; undefined while it was never set up: then nobody can look, or write, there. */
  readonly otherToken: string | undefined;
  readonly homeAssistant: HomeAssistantLook | undefined;
}): DataLook {
  const { influx, clock, mode, token, otherToken } = options;
  const own = modeFacts[mode];
  const other = modeFacts[otherMode(mode)];
  const now = (): number => clock.now().getTime();

  let counts: PointCounts | undefined;
  let first: { readonly lastPointAtMs: number | undefined } | undefined;
  let otherRate: number | undefined;
  let looks = 0;
  let buckets: { readonly atMs: number; readonly server: Server } | undefined;
  let strays: { readonly atMs: number; readonly found: Strays } | undefined;
  let cost: DataCost = {
    by: 'query',
    requests: 0,
    queries: 0,
    lastMs: 0,
    totalMs: 0,
    answerBytes: undefined,
  };

  /** Measures and counts a request to InfluxDB. */
  const measured = async <Answer>(by: DataCost['by'], ask: () => Promise<Answer>): Promise<Answer> => {
    const startedMs = now();
    const answer = await ask();
    const lastMs = Math.max(0, now() - startedMs);
    cost = {
      by,
      requests: cost.requests + 1,
      queries: cost.queries + (by === 'query' ? 1 : 0),
      lastMs,
      totalMs: cost.totalMs + lastMs,
      answerBytes: undefined,
    };
    return answer;
  };

  const queryFlow = (
    of: typeof own,
    withToken: string,
    windowSeconds: number,
    signal: AbortSignal,
  ): Promise<DataFlow> =>
    measured('query', () => queryDataFlow(influx, withToken, of.org, of.mainBucket, windowSeconds, signal));

  /** No longer than this mode has run: what the other one wrote before a switch is no fault. */
  const windowOfMode = async (mostSeconds: number, signal: AbortSignal): Promise<number> => {
    const startedAtMs = modeStartedAtMs(await options.engine.containers(options.project, signal), mode);
    const seconds = startedAtMs === undefined ? mostSeconds : Math.floor((now() - startedAtMs) / 1000);
    return Math.min(mostSeconds, Math.max(1, seconds));
  };

  /** Points a minute into the other mode's main bucket. Docker is asked only where there are any. */
  const queryOtherRate = async (withToken: string, signal: AbortSignal): Promise<number> => {
    const flow = await queryFlow(other, withToken, flowWindowSeconds, signal);
    if (flow.pointsPerMinute === 0) return 0;
    const windowSeconds = await windowOfMode(flowWindowSeconds, signal);
    if (windowSeconds === flowWindowSeconds) return flow.pointsPerMinute;
    return (await queryFlow(other, withToken, windowSeconds, signal)).pointsPerMinute;
  };

  const lookAtBuckets = async (signal: AbortSignal): Promise<Server> => {
    if (buckets !== undefined && Math.abs(now() - buckets.atMs) < bucketsIntervalMs) return buckets.server;
    const list = (of: typeof own, withToken: string | undefined): Promise<readonly InfluxBucket[]> =>
      withToken === undefined
        ? Promise.resolve([])
        : influx.listBuckets(withToken, of.org, signal).catch(() => {
            signal.throwIfAborted();
            return [];
          });
    const [ownBuckets, otherBuckets] = await Promise.all([list(own, token), list(other, otherToken)]);
    const server = { own: ownBuckets, other: otherBuckets };
    if (ownBuckets.length > 0) buckets = { atMs: now(), server };
    return server;
  };

  const lookAtCounters = async (signal: AbortSignal): Promise<readonly ShardCounter[] | undefined> => {
    const answer = await measured('counters', () => influx.shardCounters(signal));
    if (answer === undefined) return undefined;
    cost = { ...cost, answerBytes: answer.answerBytes };
    counts = addCounts(counts, answer.counters, now());
    return answer.counters;
  };

  /** Asked again at most once a minute while points arrive where none should. */
  const lookForWriters = async (signal: AbortSignal): Promise<Strays | undefined> => {
    if (otherToken === undefined) return undefined;
    if (strays !== undefined && Math.abs(now() - strays.atMs) < strayIntervalMs) return strays.found;
    const windowSeconds = await windowOfMode(strayWindowSeconds, signal).catch(() => strayWindowSeconds);
    signal.throwIfAborted();
    const [points, containers] = await Promise.all([
      Promise.all(
        other.buckets.map(({ name }) =>
          measured('query', () =>
            queryWriters(influx, otherToken, other.org, name, windowSeconds, signal),
          ).catch(() => []),
        ),
      ),
      options.engine.containers(undefined, signal).catch(() => []),
    ]);
    signal.throwIfAborted();
    const all = points.flat().toSorted((a, b) => b.points - a.points);
    const found = {
      writers: findOtherModeWriters({
        points: all,
        containers,
        mode,
        project: options.project,
        otherToken,
      }),
      measurements: [...new Set(all.map(({ measurement }) => measurement))],
    };
    strays = { atMs: now(), found };
    return found;
  };

  const sightsOf = (
    { own: ofServer }: Server,
    counters: readonly ShardCounter[] | undefined,
  ): readonly BucketSight[] => {
    const bytes = counters === undefined ? undefined : bytesByBucket(counters);
    return own.buckets.flatMap(({ name }) => {
      const bucket = ofServer.find(each => each.name === name);
      if (bucket === undefined) return [];
      const { retentionSeconds, id } = bucket;
      return [{ name, retentionSeconds, bytes: bytes === undefined ? undefined : (bytes.get(id) ?? 0) }];
    });
  };

  /** This mode's figures by a query, and now and then the other's; the counters begin to count besides. */
  const lookByQuery = async (signal: AbortSignal, isFirst: boolean) => {
    const isForOther = !isFirst && looks % otherEvery === 1;
    const [ownFlow, ofOther] = await Promise.all([
      isForOther ? undefined : queryFlow(own, token, flowWindowSeconds, signal),
      (isFirst || isForOther) && otherToken !== undefined
        ? queryOtherRate(otherToken, signal).catch(() => undefined)
        : undefined,
    ]);
    signal.throwIfAborted();
    if (ofOther !== undefined) otherRate = ofOther;
    return ownFlow;
  };

  let ownRate = 0;
  const takeFlow = (flow: DataFlow | undefined): void => {
    if (flow === undefined) return;
    ownRate = flow.pointsPerMinute;
    first = {
      lastPointAtMs:
        flow.lastPointAgeSeconds === undefined ? undefined : now() - flow.lastPointAgeSeconds * 1000,
    };
  };
  /** From the counters alone; false when they cannot tell. */
  const takeCounts = (server: Server): boolean => {
    const mainId = server.own.find(({ name }) => name === own.mainBucket)?.id;
    if (counts === undefined || mainId === undefined) return false;
    const rate = pointsPerMinute(counts, [mainId]);
    if (rate === undefined) return false;
    ownRate = rate;
    first = { lastPointAtMs: counts.grownAtMs.get(mainId) ?? first?.lastPointAtMs };
    otherRate =
      otherToken === undefined || server.other.length === 0
        ? undefined
        : pointsPerMinute(
            counts,
            server.other.map(({ id }) => id),
          );
    return true;
  };

  /** The first look waits a little for the answer: it may be the only one. */
  const lookAtHomeAssistant = async (isFirst: boolean, signal: AbortSignal) => {
    const { homeAssistant } = options;
    if (!isFirst || homeAssistant === undefined) return homeAssistant?.latest(signal);
    const over = new AbortController();
    const patience = clock.sleep(firstPatienceMs, AbortSignal.any([signal, over.signal]));
    return Promise.race([homeAssistant.ask(signal), patience.then(() => undefined)]).finally(() => {
      patience.catch(() => undefined);
      over.abort();
    });
  };

  return async signal => {
    const isFirst = first === undefined;
    const [server, counters] = await Promise.all([lookAtBuckets(signal), lookAtCounters(signal)]);
    if (isFirst || counters === undefined || !takeCounts(server))
      takeFlow(await lookByQuery(signal, isFirst));
    looks += 1;
    const found = (otherRate ?? 0) > 0 ? await lookForWriters(signal) : undefined;
    const homeAssistant = await lookAtHomeAssistant(isFirst, signal);
    return {
      pointsPerMinute: ownRate,
      lastPointAtMs: first?.lastPointAtMs,
      otherModePointsPerMinute: otherRate,
      ...(found === undefined ? {} : { strays: found }),
      buckets: sightsOf(server, counters),
      ...(homeAssistant === undefined ? {} : { homeAssistant }),
      cost,
    };
  };
}
