/** What InfluxDB counts of each shard, read from its own metrics (Prometheus text): cheap for it, where a query is not. */

import type { ShardCounter } from '../../ports/influxdb.ts';

/**
 * One counts points and the other requests. In 2.9.1 it is `count` that counts points, against its own description; no
 * request has less than a point, so the greater of the two is right whichever it is.
 */
const written = ['storage_shard_write_count', 'storage_shard_write_sum'];
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
  const byShard = new Map<string, ShardCounter>();
  for (const { bucketId, shardId, value } of written.flatMap(metric => [...readSamples(text, metric)])) {
    const points = Math.max(value, byShard.get(shardId)?.points ?? 0);
    byShard.set(shardId, { bucketId, shardId, points, bytes: sizes.get(shardId) ?? 0 });
  }
  const counters = [...byShard.values()];
  // A server without a single shard has the word, too: it explains every metric that it knows.
  return counters.length > 0 || text.includes('storage_writer_ok_points') ? counters : undefined;
}
