/** How much arrives in a bucket, for the status screen. */

import { checkMeasurement } from '../../core/buckets/check-measurement.ts';
import { fluxText } from '../../core/buckets/flux-text.ts';
import type { StrayPoints } from '../../core/status/other-mode-writers.ts';
import type { Influx } from '../../ports/influxdb.ts';

export type DataFlow = {
  readonly pointsPerMinute: number;
  /** Undefined: nothing arrived for a quarter of an hour. */
  readonly lastPointAgeSeconds: number | undefined;
};

/** How far back the last point is looked for. */
const lastPointWindowSeconds = 900;
/** Nobody wants to read more names. */
const mostWriters = 20;

const pointsFunction = (bucket: string): string => `
points = (seconds) => from(bucket: ${fluxText(bucket)})
  |> range(start: duration(v: -seconds * 1000000000))
  |> filter(fn: (r) => r._measurement != ${fluxText(checkMeasurement)})
`;

/**
 * Both figures in one query. `count` and `last` right after the filter are done by the storage, series by series,
 * without decoding values. A point with several fields counts once: the largest count among the fields of a series.
 */
const dataFlowQuery = (bucket: string, windowSeconds: number): string => `${pointsFunction(bucket)}
points(seconds: ${windowSeconds})
  |> count()
  |> group(columns: ["_field", "_value"], mode: "except")
  |> max()
  |> group()
  |> sum()
  |> yield(name: "points")

points(seconds: ${Math.max(windowSeconds, lastPointWindowSeconds)})
  |> last()
  |> keep(columns: ["_time"])
  |> sort(columns: ["_time"], desc: true)
  |> limit(n: 1)
  |> map(fn: (r) => ({_value: (int(v: now()) - int(v: r._time)) / 1000000000}))
  |> yield(name: "age")
`;

const writersQuery = (bucket: string, windowSeconds: number): string => `${pointsFunction(bucket)}
points(seconds: ${windowSeconds})
  |> count()
  |> group(columns: ["_field", "_value"], mode: "except")
  |> max()
  |> group(columns: ["_measurement", "service"])
  |> sum()
  |> group()
  |> sort(columns: ["_value"], desc: true)
  |> limit(n: ${mostWriters})
  |> yield(name: "writers")
`;

/** Points a minute over the last `windowSeconds` seconds, by the server's clock. Throws an ExternalError. */
export async function queryDataFlow(
  influx: Influx,
  token: string,
  org: string,
  bucket: string,
  windowSeconds: number,
  signal?: AbortSignal,
): Promise<DataFlow> {
  const rows = await influx.query(token, org, dataFlowQuery(bucket, windowSeconds), signal);
  const numberOf = (result: string): number | undefined => {
    const text = rows.find(row => row.result === result)?._value;
    const value = text === undefined || text === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  };
  return {
    pointsPerMinute: ((numberOf('points') ?? 0) * 60) / windowSeconds,
    lastPointAgeSeconds: numberOf('age'),
  };
}

/** What arrived in the last `windowSeconds` seconds, by measurement and tag `service`. Throws an ExternalError. */
export async function queryWriters(
  influx: Influx,
  token: string,
  org: string,
  bucket: string,
  windowSeconds: number,
  signal?: AbortSignal,
): Promise<readonly StrayPoints[]> {
  const rows = await influx.query(token, org, writersQuery(bucket, windowSeconds), signal);
  return rows
    .filter(({ result, _measurement }) => result === 'writers' && (_measurement ?? '') !== '')
    .map(({ _measurement = '', service = '', _value = '' }) => ({
      measurement: _measurement,
      service: service === '' ? undefined : service,
      points: Number(_value) || 0,
    }));
}
