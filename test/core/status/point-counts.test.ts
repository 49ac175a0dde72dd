import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addCounts,
  bytesByBucket,
  type PointCounts,
  pointsPerMinute,
} from '../../../src/core/status/point-counts.ts';

const shard = (bucketId: string, shardId: string, points: number, bytes = 0) => ({
  bucketId,
  shardId,
  points,
  bytes,
});
const follow = (looks: readonly (readonly ReturnType<typeof shard>[])[], stepMs = 10_000): PointCounts => {
  const counts = looks.reduce<PointCounts | undefined>(
    (before, counters, index) => addCounts(before, counters, index * stepMs),
    undefined,
  );
  assert.ok(counts);
  return counts;
};

test('one look tells no rate, two do; what was there before counts for nothing', () => {
  assert.equal(pointsPerMinute(follow([[shard('a', '1', 5_000)]]), ['a']), undefined);
  const counts = follow([[shard('a', '1', 5_000)], [shard('a', '1', 5_035), shard('b', '2', 7)]]);
  assert.equal(pointsPerMinute(counts, ['a']), 210);
  assert.equal(pointsPerMinute(counts, ['a', 'b']), 252);
  assert.equal(pointsPerMinute(counts, ['c']), 0);
  assert.deepEqual(
    [...counts.grownAtMs],
    [
      ['a', 10_000],
      ['b', 10_000],
    ],
  );
});

test('a server that was started again, a shard that goes and one that comes: nothing is counted twice or backwards', () => {
  const restarted = follow([[shard('a', '1', 900)], [shard('a', '1', 910)], [shard('a', '1', 4)]]);
  assert.equal(pointsPerMinute(restarted, ['a']), ((10 + 4) * 60) / 20);
  const expired = follow([
    [shard('a', '1', 900), shard('a', '2', 50)],
    [shard('a', '2', 60)],
    [shard('a', '2', 60), shard('a', '3', 6)],
  ]);
  assert.equal(pointsPerMinute(expired, ['a']), ((10 + 6) * 60) / 20);
});

test('the rate is that of the last minute, however long it was looked', () => {
  const looks = Array.from({ length: 400 }, (_, index) => [
    shard('a', '1', index < 350 ? index * 100 : 35_000),
  ]);
  const counts = follow(looks);
  assert.equal(pointsPerMinute(counts, ['a']), 0);
  assert.equal(counts.grownAtMs.get('a'), 3_500_000);
  assert.ok(counts.looks.length <= 8, String(counts.looks.length));
  // After a long pause two looks are enough, and neither of them is thrown away.
  const paused = addCounts(counts, [shard('a', '1', 36_000)], 400 * 10_000 + 600_000);
  assert.ok((pointsPerMinute(paused, ['a']) ?? 0) > 90);
});

test('bytes are those of all shards of a bucket', () => {
  const sizes = bytesByBucket([shard('a', '1', 0, 10), shard('a', '2', 0, 5), shard('b', '3', 0, 1)]);
  assert.deepEqual(
    [...sizes],
    [
      ['a', 15],
      ['b', 1],
    ],
  );
});
