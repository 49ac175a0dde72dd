/** What InfluxDB counts of each shard, read from its own metrics (Prometheus text): cheap for it, where a query is not. */

import type { ShardCounter } from '../../ports/influxdb.ts';

const written = 'storage_shard_write_sum';
const onDisk = 'storage_shard_disk_size';

type Sample = { readonly bucketId: string; readonly shardId: string; readonly value: number };

/** The lines of one metric stand together. */
function* readSamples(text: string, metric: string): Generator<Sample> {
  const start = `${metric}{`;
  let at = text.startsWith(start) ? 0 : text.indexOf(`\n${start}`) + 1;
  while (text.startsWith(start, at)) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end === -1 ? undefined : end);
    const bucketId = /[{,]bucket="([0-9a-f]{16})"/.exec(line)?.[1];
    const shardId = /[{,]id="(\d+)"/.exec(line)?.[1];
    const value = Number(line.slice(line.lastIndexOf(' ') + 1));
    if (bucketId !== undefined && shardId !== undefined && Number.isFinite(value)) {
      yield { bucketId, shardId, value };
    }
    if (end === -1) return;
    at = end + 1;
  }
}

/** Undefined when the text has no such metrics: another version, or another program. */
export function readShardCounters(text: string): readonly ShardCounter[] | undefined {
  const sizes = new Map([...readSamples(text, onDisk)].map(({ shardId, value }) => [shardId, value]));
  const counters = [...readSamples(text, written)].map(({ bucketId, shardId, value }) => ({
    bucketId,
    shardId,
    points: value,
    bytes: sizes.get(shardId) ?? 0,
  }));
  // A server without a single shard has the word, too: it explains every metric that it knows.
  return counters.length > 0 || text.includes('storage_writer_ok_points') ? counters : undefined;
}
