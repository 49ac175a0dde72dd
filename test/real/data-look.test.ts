/** Looking at the data of a real InfluxDB: rates from its counters, who writes where nobody should, and at what price. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { createDataLook } from '../../src/app/monitor/data-look.ts';
import { modeFacts, modes } from '../../src/core/mode/mode.ts';
import type { DataFlowSample } from '../../src/core/status/data-sample.ts';
import type { Container } from '../../src/ports/engine.ts';
import { influxdBinary, startInfluxd } from '../helpers/influxd.ts';

const binary = influxdBinary();
const skip = 'skip' in binary ? binary.skip : false;
const operator = 'operator-token-of-this-test';

/** Real time, and as much more as a test lets pass. */
function createShiftedClock() {
  let shiftMs = 0;
  return {
    now: () => new Date(Date.now() + shiftMs),
    sleep: () => new Promise<void>(() => {}),
    pass: (ms: number) => {
      shiftMs += ms;
    },
  };
}

test('points of this mode and of the other, sizes and retention, by counters; a query only at first', {
  skip,
  timeout: 60_000,
}, async t => {
  const server = await startInfluxd('path' in binary ? binary.path : '');
  t.after(server.dispose);
  const influx = createInflux({ url: server.url });
  const tokens = new Map<string, string>();
  for (const mode of modes) {
    const { org, buckets, mainBucket } = modeFacts[mode];
    if (mode === modes[0]) {
      await influx.setup({
        username: 'admin',
        password: 'a-password-of-this-test',
        org,
        bucket: mainBucket,
        retentionSeconds: buckets[0]?.retentionSeconds ?? 0,
        token: operator,
      });
    } else await influx.createOrg(operator, org);
    const orgId = (await influx.findOrg(operator, org))?.id ?? '';
    const bucketIds: string[] = [];
    for (const { name, retentionSeconds } of buckets) {
      const known = await influx.findBucket(operator, orgId, name);
      const request = { orgId, name, retentionSeconds, shardGroupSeconds: 86_400, description: '' };
      bucketIds.push((known ?? (await influx.createBucket(operator, request))).id);
    }
    const made = await influx.createAuthorization(operator, { orgId, description: mode, bucketIds });
    tokens.set(mode, made.token);
  }
  const tokenOf = (mode: string): string => tokens.get(mode) ?? '';
  const write = async (mode: 'test' | 'production', count: number, service: string): Promise<void> => {
    const lines = Array.from(
      { length: count },
      (_, index) =>
        `weather,service=${service} a=1i,b=2i,c="x" ${Date.now()}${String(index).padStart(6, '0')}`,
    );
    const { org, mainBucket } = modeFacts[mode];
    await influx.writeLine(tokenOf(mode), org, mainBucket, lines.join('\n'));
  };
  const clock = createShiftedClock();
  const stray = {
    name: 'p-data-api-1',
    project: 'p',
    service: 'data-api',
    state: 'running',
    environment: { INFLUXDB_BUCKET: 'home_assistant_events' },
  } as unknown as Container;
  const look = createDataLook({
    influx,
    engine: { containers: async () => [stray] },
    clock,
    mode: 'test',
    project: 'p',
    token: tokenOf('test'),
    otherToken: tokenOf('production'),
    homeAssistant: undefined,
  });
  const next = async (): Promise<DataFlowSample> => {
    clock.pass(10_000);
    return look(t.signal);
  };

  await write('test', 40, 'admin-api');
  const first = await look(t.signal);
  assert.deepEqual([first.pointsPerMinute, first.otherModePointsPerMinute], [40, 0]);
  assert.deepEqual(
    first.buckets?.map(({ name, retentionSeconds }) => [name, retentionSeconds / 86_400]),
    modeFacts.test.buckets.map(({ name }) => [name, 7]),
  );
  // InfluxDB measures its files now and then: a new bucket is 0 bytes for a while.
  assert.equal(typeof first.buckets?.[0]?.bytes, 'number');
  assert.equal(first.cost?.queries, 2);

  // A point with three fields is one point.
  await write('test', 35, 'admin-api');
  const second = await next();
  assert.equal(second.cost?.by, 'counters');
  assert.equal(second.cost?.queries, 2, 'no more queries');
  assert.ok(Math.abs(second.pointsPerMinute - 210) < 15, String(second.pointsPerMinute));
  assert.equal(second.otherModePointsPerMinute, 0);
  assert.equal(second.strays, undefined);
  const quiet = await next();
  assert.equal(quiet.lastPointAtMs, second.lastPointAtMs, 'the last point stays where it was');

  await write('production', 6, 'data-api');
  const strayed = await next();
  assert.ok((strayed.otherModePointsPerMinute ?? 0) > 0);
  assert.deepEqual(strayed.strays, {
    writers: [{ name: 'data-api', why: 'its INFLUXDB_BUCKET is home_assistant_events' }],
    measurements: ['weather'],
  });
  assert.equal((await next()).cost?.queries, strayed.cost?.queries, 'asked who it is once a minute');

  const startedMs = performance.now();
  for (let index = 0; index < 20; index += 1) await next();
  t.diagnostic(
    `a look ${((performance.now() - startedMs) / 20).toFixed(1)} ms, ${quiet.cost?.answerBytes} bytes`,
  );
  clock.pass(60_000);
  assert.equal((await next()).otherModePointsPerMinute, 0, 'over is over');

  await server.stop();
  await server.start();
  await write('test', 20, 'admin-api');
  assert.ok((await next()).pointsPerMinute > 0, 'a restart of the server is no end of the data');
});
