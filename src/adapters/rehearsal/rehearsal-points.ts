/** Points of the rehearsed database, and the little of Flux that this program asks with. */

import type { Container } from '../../ports/engine.ts';
import { steadyFraction } from './rehearsal-usage.ts';

export type RehearsedPoint = {
  readonly bucket: string;
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly atMs: number;
};

/** No window is rehearsed further back than this: a rehearsal lasts minutes. */
const longestWindowMs = 30 * 60_000;

/** Milliseconds between two points of one service; ingestion writes most. */
const pointIntervalMs = (service: string): number =>
  service.startsWith('websocket-ingestion') ? 300 : 8_000 + Math.round(steadyFraction(service) * 4_000);

/** What the running services have written into `bucket` from `startMs` (inclusive) to `stopMs`. */
export function rehearsePoints(
  containers: readonly Container[],
  bucket: string,
  startMs: number,
  stopMs: number,
): readonly RehearsedPoint[] {
  return containers.flatMap(({ service, state, health, startedAt, environment }) => {
    const writes = environment.INFLUXDB_BUCKET === bucket && (environment.INFLUXDB_TOKEN ?? '') !== '';
    if (!writes || state !== 'running' || health === 'starting' || startedAt === undefined || !service)
      return [];
    const intervalMs = pointIntervalMs(service);
    const sinceMs = Date.parse(startedAt);
    const from = Math.max(startMs, sinceMs, stopMs - longestWindowMs);
    const points: RehearsedPoint[] = [];
    for (let index = Math.ceil((from - sinceMs) / intervalMs); ; index += 1) {
      const atMs = sinceMs + index * intervalMs;
      if (atMs >= stopMs) return points;
      points.push({
        bucket,
        measurement: 'home_assistant_events',
        tags: { entity_id: `sensor.rehearsal_${index % 12}` },
        fields: { value: String(20 + (index % 7)) },
        atMs,
      });
    }
  });
}

const splitOnce = (text: string, separator: string): readonly [string, string] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
};

const pairs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split(',')
      .filter(part => part !== '')
      .map(part => splitOnce(part, '=')),
  );

/** Line protocol without escapes in names, time stamp in nanoseconds or none. */
export function parseLine(line: string, bucket: string, nowMs: number): RehearsedPoint {
  const [series, rest] = splitOnce(line.trim(), ' ');
  const [measurement, tags] = splitOnce(series, ',');
  const at = /^(.*) (\d+)$/.exec(rest);
  const fields = Object.entries(pairs(at?.[1] ?? rest)).map(([key, value]) => [
    key,
    /^".*"$/.test(value) ? value.slice(1, -1) : value.replace(/^(-?\d+)[iu]$/, '$1'),
  ]);
  return {
    bucket,
    measurement,
    tags: pairs(tags),
    fields: Object.fromEntries(fields),
    atMs: at?.[2] === undefined ? nowMs : Number(at[2].slice(0, -6)),
  };
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time of Flux, relative to `nowMs` or ISO 8601. */
function readTime(text: string | undefined, nowMs: number): number {
  const relative = /^-(\d+)([smhd])$/.exec(text ?? '');
  if (relative !== null) return nowMs - Number(relative[1]) * (unitMs[relative[2] ?? 's'] ?? 1_000);
  const absolute = Date.parse(text ?? '');
  return Number.isNaN(absolute) ? 0 : absolute;
}

type Row = Readonly<Record<string, string>>;

const toRows = (point: RehearsedPoint): readonly Row[] =>
  Object.entries(point.fields).map(([field, value]) => ({
    _time: new Date(point.atMs).toISOString(),
    _measurement: point.measurement,
    _field: field,
    _value: value,
    ...point.tags,
  }));

type FetchPoints = (bucket: string, startMs: number, stopMs: number) => Promise<readonly RehearsedPoint[]>;

/** The status screen's question: points of a window, and the age in seconds of the last point of another. */
async function answerDataFlow(
  flux: string,
  bucket: string,
  nowMs: number,
  fetch: FetchPoints,
): Promise<readonly Row[]> {
  const excluded = /_measurement != "([^"]*)"/.exec(flux)?.[1];
  const [window = 60, age = window] = [...flux.matchAll(/points\(seconds: (\d+)\)/g)].map(match =>
    Number(match[1]),
  );
  const fetchWindow = async (seconds: number) =>
    (await fetch(bucket, nowMs - seconds * 1_000, nowMs + 1)).filter(
      ({ measurement }) => measurement !== excluded,
    );
  const counted = await fetchWindow(window);
  const lastAtMs = (await fetchWindow(age)).reduce((latest, { atMs }) => Math.max(latest, atMs), 0);
  return [
    ...(counted.length === 0 ? [] : [{ result: 'points', _value: String(counted.length) }]),
    ...(lastAtMs === 0 ? [] : [{ result: 'age', _value: String((nowMs - lastAtMs) / 1_000) }]),
  ];
}

/** `from |> range |> filter(==) |> last`, and the status screen's question; `fetch` gives a bucket's points. */
export async function answerFlux(flux: string, nowMs: number, fetch: FetchPoints): Promise<readonly Row[]> {
  const bucket = /from\(bucket:\s*"([^"]*)"/.exec(flux)?.[1] ?? '';
  if (flux.includes('yield(name: "age")')) return answerDataFlow(flux, bucket, nowMs, fetch);
  const start = /range\(start:\s*([^,)\s]+)/.exec(flux);
  const wanted = [...flux.matchAll(/r(?:\.(\w+)|\["(\w+)"\])\s*==\s*"([^"]*)"/g)].map(
    match => [match[1] ?? match[2] ?? '', match[3] ?? ''] as const,
  );
  const rows = (await fetch(bucket, readTime(start?.[1], nowMs), nowMs + 1))
    .flatMap(toRows)
    .filter(row => wanted.every(([column, value]) => row[column] === value))
    .toSorted((a, b) => (a._time ?? '').localeCompare(b._time ?? ''));
  return /\|>\s*last\(/.test(flux) ? rows.slice(-1) : rows;
}
