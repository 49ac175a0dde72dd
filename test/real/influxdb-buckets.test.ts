/** The bucket step against a real InfluxDB 2.9, with hashed tokens and without, as 2.7 and 2.8 keep them. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { queryDataFlow } from '../../src/app/buckets/data-flow.ts';
import { verifyData } from '../../src/app/buckets/verify-data.ts';
import { ExternalError } from '../../src/core/error.ts';
import { modeFacts } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import {
  createBucketRunner,
  describeBucketStep,
  operatorToken,
  setUpInfluxdb,
} from '../helpers/bucket-suite.ts';
import { hurriedClock } from '../helpers/clock.ts';
import { type Influxd, influxdBinary, startInfluxd } from '../helpers/influxd.ts';

const binary = influxdBinary();
const skip = 'skip' in binary ? binary.skip : false;
const start = (useHashedTokens: boolean): Promise<Influxd> =>
  startInfluxd('path' in binary ? binary.path : '', { useHashedTokens });

for (const useHashedTokens of [true, false]) {
  const name = `Bucket step on a real InfluxDB, hashed tokens ${useHashedTokens ? 'on' : 'off'}`;
  describeBucketStep(name, { skip }, () => start(useHashedTokens));
}

describe('An InfluxDB that goes from 2.8 to 2.9', { skip }, () => {
  test('keeps its tokens, which are no longer listed, and needs nothing', async t => {
    const server = await start(false);
    t.after(() => server.dispose());
    const influx = createInflux({ url: server.url });
    const runner = createBucketRunner(influx);
    await setUpInfluxdb(influx);
    await runner.ensure('test');
    await runner.ensure('production');
    const listed = async (): Promise<string> => {
      const answer = await fetch(`${server.url}/api/v2/authorizations`, {
        headers: { authorization: `Token ${operatorToken}` },
      });
      return answer.text();
    };
    const held = Object.values(runner.stored);
    assert.equal(held.length, 2);
    const before = await listed();
    assert.ok(held.every(token => before.includes(token)));
    await server.stop();
    await server.start(true);
    const after = await listed();
    assert.ok(held.every(token => !after.includes(token)));
    for (const mode of ['test', 'production'] as const) {
      assert.equal((await runner.check(mode)).isDone, true);
      assert.equal((await runner.ensure(mode)).changed, false);
    }
    assert.deepEqual(Object.values(runner.stored), held);
  });
});

describe('A real InfluxDB with its buckets', { skip }, () => {
  let server: Influxd;
  let influx: Influx;
  let token: string;
  let runner: ReturnType<typeof createBucketRunner>;
  const { org, mainBucket: bucket } = modeFacts.test;

  before(async () => {
    server = await start(true);
    influx = createInflux({ url: server.url });
    runner = createBucketRunner(influx);
    await setUpInfluxdb(influx);
    ({ token } = await runner.ensure('test'));
  });
  after(async () => {
    await server?.dispose();
  });

  test('has the retention and shard duration of its mode', async () => {
    const orgId = await runner.orgId('test');
    for (const { name, retentionSeconds } of modeFacts.test.buckets) {
      const found = await influx.findBucket(operatorToken, orgId, name);
      assert.deepEqual([found?.retentionSeconds, found?.shardGroupSeconds], [retentionSeconds, 86_400]);
    }
  });

  test('keeps another retention of an existing bucket, and says so', async () => {
    const orgId = await runner.orgId('test');
    const found = await influx.findBucket(operatorToken, orgId, 'weather_data_test');
    const change = (everySeconds: number) =>
      fetch(`${server.url}/api/v2/buckets/${found?.id}`, {
        method: 'PATCH',
        headers: { authorization: `Token ${operatorToken}` },
        body: JSON.stringify({
          retentionRules: [{ type: 'expire', everySeconds, shardGroupDurationSeconds: 86_400 }],
        }),
      });
    assert.equal((await change(14 * 86_400)).status, 200);
    const result = await runner.ensure('test');
    assert.equal(result.changed, false);
    assert.match(result.notes.join(), /weather_data_test keeps its data for 14 days/);
    const kept = await influx.findBucket(operatorToken, orgId, 'weather_data_test');
    assert.equal(kept?.retentionSeconds, 14 * 86_400);
    assert.equal((await change(7 * 86_400)).status, 200);
  });

  test('takes a point and gives it back, as often as asked', async () => {
    await verifyData({ influx, token, org, bucket, clock: hurriedClock });
    await verifyData({ influx, token, org, bucket, clock: hurriedClock });
  });

  test('tells how much arrives, without counting fields twice or our own points at all', async () => {
    assert.deepEqual(await queryDataFlow(influx, token, org, bucket, 60), {
      pointsPerMinute: 0,
      lastPointAgeSeconds: undefined,
    });
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    const lines = [1n, 2n, 3n].flatMap(second => [
      `home_assistant_events,entity=a state="on",value=${second}.5,ok=true ${nowNs - second * 2_000_000_000n}`,
      `home_assistant_events,entity=b count=${second}i ${nowNs - second * 2_000_000_000n}`,
    ]);
    await influx.writeLine(token, org, bucket, lines.join('\n'));
    const { pointsPerMinute, lastPointAgeSeconds } = await queryDataFlow(influx, token, org, bucket, 60);
    assert.equal(pointsPerMinute, 6);
    assert.ok(lastPointAgeSeconds !== undefined && lastPointAgeSeconds >= 1 && lastPointAgeSeconds < 60);
    assert.equal((await queryDataFlow(influx, token, org, bucket, 120)).pointsPerMinute, 3);
  });

  test('tells how much arrives of many series within the time of one refresh', async () => {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    for (let second = 1n; second <= 30n; second += 1n) {
      const lines = Array.from(
        { length: 500 },
        (_, entity) =>
          `events,entity=sensor.${entity},domain=sensor state="${second}",value=${entity}.5,raw=${entity}i,ok=true ${nowNs - second * 1_000_000_000n}`,
      );
      await influx.writeLine(token, org, bucket, lines.join('\n'));
    }
    const startMs = performance.now();
    const { pointsPerMinute } = await queryDataFlow(influx, token, org, bucket, 60);
    const durationMs = performance.now() - startMs;
    assert.ok(pointsPerMinute >= 15_000, String(pointsPerMinute));
    assert.ok(durationMs < 5000, `${durationMs} ms`);
  });

  test('refuses what it cannot store, and says why', async () => {
    const orgId = await runner.orgId('test');
    const wanted = { orgId, name: 'x', retentionSeconds: 60, shardGroupSeconds: 60, description: '' };
    const refused = (call: Promise<unknown>, status: number, code: string, said: RegExp) =>
      assert.rejects(call, (error: unknown) => {
        assert.ok(error instanceof ExternalError);
        assert.deepEqual([error.status, error.code], [status, code]);
        assert.match(error.message, said);
        return true;
      });
    await refused(influx.createBucket(operatorToken, wanted), 500, 'internal error', /at least 1h0m0s/);
    await refused(
      influx.createBucket(operatorToken, { ...wanted, name: '_x' }),
      400,
      'invalid',
      /underscore/,
    );
    await refused(influx.writeLine(token, org, bucket, 'garbage'), 400, 'invalid', /unable to parse/);
    await refused(
      influx.writeLine(token, org, bucket, 'home_assistant_events,entity=b count="text"'),
      422,
      'unprocessable entity',
      /field type conflict/,
    );
    await refused(influx.query(token, org, 'nonsense('), 400, 'invalid', /./);
    await refused(
      influx.query(token, org, 'from(bucket: "weather_data") |> range(start: -1m)'),
      404,
      'not found',
      /could not find bucket/,
    );
  });

  test('is waited for while it is away, and then as it was', async () => {
    await server.stop();
    assert.equal((await influx.identify()).kind, 'not-ready');
    const [result] = await Promise.all([setUpInfluxdb(influx), server.start()]);
    assert.equal(result.changed, false);
    assert.equal((await runner.ensure('test')).changed, false);
  });

  test('switches an inactive token on again, and makes a new one only for a stranger', async () => {
    const switchOff = async (id: string): Promise<void> =>
      influx.changeAuthorization(operatorToken, id, { isActive: false });
    const [our] = await runner.ours('test');
    await switchOff(our?.id ?? '');
    assert.equal(await influx.tokenStanding(runner.stored.test ?? ''), 'inactive');
    assert.equal((await runner.check('test')).isDone, false);
    const kept = await runner.ensure('test');
    assert.deepEqual([kept.changed, kept.token], [true, runner.stored.test]);
    assert.equal((await runner.ours('test'))[0]?.id, our?.id);

    const stranger = await influx.createAuthorization(operatorToken, {
      orgId: await runner.orgId('test'),
      description: 'a stranger',
      bucketIds: await runner.bucketIds('test'),
    });
    await switchOff(our?.id ?? '');
    await switchOff(stranger.authorization.id);
    const replaced = await runner.ensure('test', stranger.token);
    assert.notEqual(replaced.token, stranger.token);
    const [now, ...others] = await runner.ours('test');
    assert.deepEqual(others, []);
    assert.notEqual(now?.id, our?.id);
  });
});
