import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShardCounters } from '../../../src/adapters/influxdb/shard-counters.ts';

/** As InfluxDB 2.9.1 writes it. */
const text = `# HELP storage_shard_disk_size Gauge of the disk size for the shard
# TYPE storage_shard_disk_size gauge
storage_shard_disk_size{bucket="13631a7bd4634a91",engine="tsm1",id="1",path="/d/1",walPath="/w/1"} 208351
storage_shard_disk_size{bucket="13631a7bd4634a91",engine="tsm1",id="2",path="/d/2",walPath="/w/2"} 4907
# TYPE storage_shard_write_count counter
storage_shard_write_count{bucket="13631a7bd4634a91",engine="tsm1",id="1",path="/d/1",walPath="/w/1"} 1.2e+06
storage_shard_write_count{bucket="13631a7bd4634a91",engine="tsm1",id="2",path="/d/2",walPath="/w/2"} 3
# HELP storage_shard_write_sum Counter of the number of points for write requests
# TYPE storage_shard_write_sum counter
storage_shard_write_sum{bucket="13631a7bd4634a91",engine="tsm1",id="1",path="/d/1",walPath="/w/1"} 1200
storage_shard_write_sum{bucket="13631a7bd4634a91",engine="tsm1",id="2",path="/d/2",walPath="/w/2"} 12
# HELP storage_writer_ok_points Histogram of number of points in successful shard write requests
storage_writer_ok_points_bucket{path="/e",le="10"} 0
`;

test('points and bytes of each shard, whichever of the two counters has the points', () => {
  const bucketId = '13631a7bd4634a91';
  assert.deepEqual(readShardCounters(text), [
    { bucketId, shardId: '1', points: 1_200_000, bytes: 208_351 },
    { bucketId, shardId: '2', points: 12, bytes: 4907 },
  ]);
});

test('a server without a shard has none; another program has no such metrics', () => {
  assert.deepEqual(readShardCounters('storage_writer_ok_points_bucket{le="10"} 0\n'), []);
  for (const other of ['', '<html>', 'go_info 1\n', 'storage_shard_write_sum{bucket="x"} y']) {
    assert.equal(readShardCounters(other), undefined);
  }
});
