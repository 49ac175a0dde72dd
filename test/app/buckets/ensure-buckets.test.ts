import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { createInflux } from '../../../src/adapters/influxdb/create-influx.ts';
import { ensureBuckets } from '../../../src/app/buckets/ensure-buckets.ts';
import { ExternalError, exitCodes, UserError } from '../../../src/core/error.ts';
import { modeFacts } from '../../../src/core/mode/mode.ts';
import type { Influx } from '../../../src/ports/influxdb.ts';
import { createBucketRunner, operatorToken, setUpInfluxdb } from '../../helpers/bucket-suite.ts';
import { type InfluxDouble, startInfluxDouble } from '../../helpers/influx-double.ts';

describe('The bucket step on a server that is wrong', () => {
  let double: InfluxDouble;
  let influx: Influx;
  let runner: ReturnType<typeof createBucketRunner>;

  beforeEach(async () => {
    double = await startInfluxDouble();
    influx = createInflux({ url: double.url });
    runner = createBucketRunner(influx);
    await setUpInfluxdb(influx);
  });
  afterEach(async () => {
    await double.dispose();
  });

  test('revokes a new token that can do more than it must, and refuses', async () => {
    await runner.ensure('production');
    double.bend = request => (request === 'POST /api/v2/write' ? { status: 204 } : undefined);
    await assert.rejects(runner.ensure('test'), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.exitCode, exitCodes.refused);
      assert.match(error.message, /can write home_assistant_events of homeiq, which it must not/);
      return true;
    });
    assert.deepEqual(await runner.ours('test'), []);
    double.bend = () => undefined;
    assert.equal((await runner.ensure('test')).changed, true);
  });

  test('finds that out of a stored token too, even when there is no other mode yet', async () => {
    await runner.ensure('test');
    double.bend = request => (request === 'POST /api/v2/write' ? { status: 204 } : undefined);
    const check = await runner.check('test');
    assert.equal(check.isDone, false);
    assert.match(check.summary, /can write _monitoring/);
  });

  test('refuses and removes, without storing it, a token for other buckets than asked for', async () => {
    double.bend = (request, answer) => {
      if (request !== 'POST /api/v2/authorizations') return undefined;
      const text = JSON.stringify(answer.body).replaceAll('"weather_data_test"', '"weather_data"');
      return { ...answer, body: JSON.parse(text) };
    };
    await assert.rejects(runner.ensure('test'), /it is for the bucket weather_data of homeiq-test/);
    assert.equal(runner.stored.test, undefined);
    assert.deepEqual(await runner.ours('test'), []);
  });

  test('keeps a new token that lacks a right for the next run to judge, and fails', async () => {
    let writes = 0;
    double.bend = request => {
      if (request !== 'POST /api/v2/write') return undefined;
      writes += 1;
      return writes === 2 ? { status: 403, body: { code: 'forbidden', message: 'insufficient' } } : undefined;
    };
    await assert.rejects(runner.ensure('test'), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.exitCode, exitCodes.failed);
      assert.match(error.message, /cannot write weather_data_test/);
      return true;
    });
    double.bend = () => undefined;
    assert.equal((await runner.ensure('test')).changed, false);
  });

  test('reads again when somebody else makes the same thing at the same time', async () => {
    const { org, buckets } = modeFacts.production;
    let blind = true;
    double.bend = (request, answer) => {
      // The look before comes too early to see what another run makes just then.
      if (!blind || request !== 'GET /api/v2/orgs') return undefined;
      return { ...answer, status: 404, body: { code: 'not found', message: 'organization not found' } };
    };
    await influx.createOrg(operatorToken, org);
    const raced: Influx = {
      ...influx,
      createOrg: async (...request) => {
        blind = false;
        return influx.createOrg(...request);
      },
      createBucket: async (token, request) => {
        await influx.createBucket(token, request);
        return influx.createBucket(token, request);
      },
    };
    const result = await runner.ensure('production', undefined, raced);
    assert.equal(result.changed, true);
    assert.equal((await runner.bucketIds('production')).length, buckets.length);
  });

  test('stores the value before it uses it or removes the old one', async () => {
    await runner.ensure('test');
    const steps: string[] = [];
    const watched: Influx = {
      ...influx,
      createAuthorization: async (...request) => {
        steps.push('create');
        return influx.createAuthorization(...request);
      },
      deleteAuthorization: async (...request) => {
        steps.push('delete');
        return influx.deleteAuthorization(...request);
      },
      probeAccess: async (...request) => {
        if (steps.at(-1) !== 'probe') steps.push('probe');
        return influx.probeAccess(...request);
      },
    };
    const request = {
      ...runner.workFor('test', undefined),
      influx: watched,
      deleteData: [],
      onDetail: () => {},
      storeToken: async () => {
        steps.push('store');
      },
    };
    await ensureBuckets(request);
    assert.deepEqual(steps, ['create', 'store', 'probe', 'delete']);

    steps.length = 0;
    const noDisk = new Error('no space left');
    const failing = { ...request, storeToken: () => Promise.reject(noDisk) };
    await assert.rejects(ensureBuckets(failing), noDisk);
    assert.deepEqual(steps, ['create']);
  });

  test('explains a token that is known but is no operator token', async () => {
    const { token } = await runner.ensure('test');
    const request = { ...runner.workFor('test', undefined), deleteData: [], onDetail: () => {} };
    const storeToken = async (): Promise<void> => assert.fail('nothing is to be stored');
    await assert.rejects(
      ensureBuckets({ ...request, operatorToken: token, storeToken }),
      (error: unknown) =>
        error instanceof ExternalError &&
        /is no operator token/.test(error.message) &&
        !JSON.stringify(error).includes(token),
    );
  });

  test('tells neither a token nor an id in its details, its summary or its notes', async () => {
    const result = await runner.ensure('test');
    const check = await runner.check('test');
    const told = [...result.details, result.summary, ...result.notes, check.summary, ...check.notes].join(
      '\n',
    );
    for (const id of [...(await runner.bucketIds('test')), result.token, operatorToken]) {
      assert.ok(!told.includes(id));
    }
    assert.match(told, /create bucket weather_data_test, kept for 7 days/);
  });
});
