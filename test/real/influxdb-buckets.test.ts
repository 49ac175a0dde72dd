/** The bucket step against a real InfluxDB 2.9, with hashed tokens and without. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { queryDataFlow } from '../../src/app/buckets/data-flow.ts';
import { checkBuckets, ensureBuckets } from '../../src/app/buckets/ensure-buckets.ts';
import { ensureInfluxdbSetup } from '../../src/app/buckets/ensure-influxdb-setup.ts';
import { verifyData } from '../../src/app/buckets/verify-data.ts';
import { authorizationDescription } from '../../src/core/buckets/authorization.ts';
import { ExternalError } from '../../src/core/error.ts';
import { type Mode, modeFacts } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import { hurriedClock } from '../helpers/clock.ts';
import { type Influxd, influxdBinary, startInfluxd } from '../helpers/influxd.ts';

const binary = influxdBinary();
const skip = 'skip' in binary ? binary.skip : false;
const operatorToken = 'operator-token-for-the-tests';
const credentials = { username: 'homeiq-admin', password: 'password-for-the-tests', token: operatorToken };
const noDetail = (): void => {};

const setUp = (influx: Influx, token = operatorToken) =>
  ensureInfluxdbSetup({
    influx,
    clock: hurriedClock,
    credentials: { ...credentials, token },
    org: 'homeiq-test',
    bucket: 'home_assistant_events_test',
    retentionSeconds: 7 * 86_400,
    onDetail: noDetail,
  });

for (const useHashedTokens of [true, false]) {
  describe(`InfluxDB with hashed tokens ${useHashedTokens ? 'on' : 'off'}`, { skip }, () => {
    let server: Influxd;
    let influx: Influx;
    const stored: Partial<Record<Mode, string>> = {};

    before(async () => {
      server = await startInfluxd('path' in binary ? binary.path : '', { useHashedTokens });
      influx = createInflux({ url: server.url });
    });
    after(async () => {
      await server?.dispose();
    });

    const ensure = async (mode: Mode, storedToken = stored[mode]) => {
      const details: string[] = [];
      const result = await ensureBuckets({
        influx,
        operatorToken,
        mode,
        storedToken,
        onDetail: text => details.push(text),
        storeToken: async token => {
          stored[mode] = token;
        },
      });
      assert.equal(result.token, stored[mode]);
      return { ...result, details };
    };
    const ours = async (mode: Mode) => {
      const org = await influx.findOrg(operatorToken, modeFacts[mode].org);
      const all = await influx.listAuthorizations(operatorToken, org?.id ?? '');
      return all.filter(({ description }) => description === authorizationDescription(mode));
    };

    test('is known by its version, and free to be set up', async () => {
      const identity = await influx.identify();
      assert.equal(identity.kind, 'influxdb2');
      assert.match('version' in identity ? (identity.version ?? '') : '', /^2\./);
      assert.equal(await influx.isSetupAllowed(), true);
    });

    test('is set up once, and then only looked at', async () => {
      assert.deepEqual((await setUp(influx)).changed, true);
      assert.equal(await influx.isSetupAllowed(), false);
      assert.deepEqual((await setUp(influx)).changed, false);
    });

    test('says that the volume belongs to other credentials when the operator token is unknown', async () => {
      await assert.rejects(setUp(influx, 'another-token'), (error: unknown) => {
        assert.ok(error instanceof ExternalError);
        assert.match(error.message, /does not know the operator token/);
        assert.equal(error.status, 401);
        assert.ok(!JSON.stringify(error).includes('another-token'));
        return true;
      });
    });

    test('gets org, buckets and a token, then is left alone', async () => {
      const first = await ensure('test');
      assert.equal(first.changed, true);
      assert.equal((await ours('test')).length, 1);
      const org = await influx.findOrg(operatorToken, 'homeiq-test');
      for (const { name, retentionSeconds } of modeFacts.test.buckets) {
        const bucket = await influx.findBucket(operatorToken, org?.id ?? '', name);
        assert.equal(bucket?.retentionSeconds, retentionSeconds);
        assert.equal(bucket?.shardGroupSeconds, 86_400);
      }
      const second = await ensure('test');
      assert.deepEqual([second.changed, second.token, second.details], [false, first.token, []]);
    });

    test('gets the other mode beside it, and neither token reaches the other bucket by name', async () => {
      assert.equal((await ensure('production')).changed, true);
      for (const [mode, other] of [
        ['test', 'production'],
        ['production', 'test'],
      ] as const) {
        const check = await checkBuckets({ influx, operatorToken, mode, storedToken: stored[mode] });
        assert.deepEqual([check.isDone, check.actions], [true, []]);
        for (const { name } of modeFacts[other].buckets) {
          assert.deepEqual(await influx.probeAccess(stored[mode] ?? '', modeFacts[other].org, name), {
            read: false,
            write: false,
            isTokenKnown: true,
          });
        }
      }
    });

    test('takes a point and gives it back, and tells how much arrives', async () => {
      const token = stored.test ?? '';
      const { org, mainBucket: bucket } = modeFacts.test;
      await verifyData({ influx, token, org, bucket, clock: hurriedClock });
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
      const flow = await queryDataFlow(influx, token, org, bucket, 60);
      assert.equal(flow.pointsPerMinute, 6);
      assert.ok(flow.lastPointAgeSeconds !== undefined && flow.lastPointAgeSeconds >= 1);
      assert.ok(flow.lastPointAgeSeconds < 30);
    });

    test('gets a new token when the stored one is unknown, too much, or for another mode', async () => {
      for (const wrong of ['gone', operatorToken, stored.production]) {
        const result = await ensure('test', wrong);
        assert.equal(result.changed, true);
        assert.notEqual(result.token, wrong);
        assert.equal((await ours('test')).length, 1);
      }
      assert.equal((await ensure('production')).changed, false);
    });

    test('is cleaned of what a run left that was killed between making and storing a token', async () => {
      const org = await influx.findOrg(operatorToken, 'homeiq-test');
      const bucketIds = [];
      for (const { name } of modeFacts.test.buckets) {
        bucketIds.push((await influx.findBucket(operatorToken, org?.id ?? '', name))?.id ?? '');
      }
      const orphan = await influx.createAuthorization(operatorToken, {
        orgId: org?.id ?? '',
        description: authorizationDescription('test'),
        bucketIds,
      });
      const old = stored.test;
      assert.equal((await ensure('test')).changed, true);
      const left = await ours('test');
      assert.equal(left.length, 1);
      assert.notEqual(left[0]?.id, orphan.authorization.id);
      assert.equal(
        (await influx.probeAccess(old ?? '', 'homeiq-test', 'weather_data_test')).isTokenKnown,
        false,
      );
      assert.equal((await ensure('test')).changed, false);
    });

    test('keeps what it holds through a restart', async () => {
      await server.stop();
      assert.equal((await influx.identify()).kind, 'not-ready');
      await server.start();
      assert.equal((await ensure('test')).changed, false);
    });

    test('says of each refusal what InfluxDB said of it', async () => {
      const refused = async (
        call: Promise<unknown>,
        status: number,
        code: string | undefined,
        said: RegExp,
      ) => {
        await assert.rejects(call, (error: unknown) => {
          assert.ok(error instanceof ExternalError);
          assert.deepEqual([error.status, error.code], [status, code]);
          assert.match(error.message, said);
          return true;
        });
      };
      const org = await influx.findOrg(operatorToken, 'homeiq-test');
      const orgId = org?.id ?? '';
      const bucket = { orgId, name: 'x', retentionSeconds: 60, shardGroupSeconds: 60, description: '' };
      await refused(
        influx.setup({ ...credentials, org: 'a', bucket: 'b', retentionSeconds: 0 }),
        422,
        'conflict',
        /onboarding has already/,
      );
      await refused(influx.createOrg(operatorToken, 'homeiq-test'), 422, 'conflict', /already exists/);
      await refused(
        influx.createOrg(stored.test ?? '', 'other'),
        401,
        'unauthorized',
        /write:orgs is unauthorized/,
      );
      await refused(influx.createOrg('nobody', 'other'), 401, 'unauthorized', /unauthorized access/);
      await refused(
        influx.createBucket(operatorToken, {
          ...bucket,
          name: 'weather_data_test',
          retentionSeconds: 86_400,
          shardGroupSeconds: 3600,
        }),
        422,
        'conflict',
        /already exists/,
      );
      await refused(influx.createBucket(operatorToken, bucket), 500, 'internal error', /at least 1h0m0s/);
      await refused(
        influx.createBucket(operatorToken, { ...bucket, name: '_x' }),
        400,
        'invalid',
        /underscore/,
      );
      await refused(
        influx.writeLine(operatorToken, 'homeiq-test', 'nope', 'm v=1'),
        404,
        'not found',
        /nope/,
      );
      await refused(
        influx.writeLine(operatorToken, 'homeiq-test', 'weather_data_test', 'garbage'),
        400,
        'invalid',
        /unable to parse/,
      );
      await refused(
        influx.writeLine(stored.test ?? '', 'homeiq', 'weather_data', 'm v=1'),
        403,
        'forbidden',
        /insufficient permissions/,
      );
      await refused(
        influx.query(stored.test ?? '', 'homeiq-test', 'from(bucket: "weather_data") |> range(start: -1m)'),
        404,
        'not found',
        /could not find bucket/,
      );
      await refused(influx.query(stored.test ?? '', 'homeiq-test', 'nonsense('), 400, 'invalid', /./);
      await refused(
        influx.deleteAuthorization(operatorToken, '0000000000000001'),
        404,
        'not found',
        /not found/,
      );
      assert.equal(await influx.findOrg(operatorToken, 'nobody'), undefined);
      assert.equal(await influx.findBucket(operatorToken, orgId, 'nope'), undefined);
      assert.equal(await influx.findOrg(stored.test ?? '', 'homeiq'), undefined);
    });
  });
}
