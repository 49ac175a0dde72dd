/** What the bucket step must do on any InfluxDB 2: run on the double in this process, and on a real server. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { type BucketsWork, checkBuckets, ensureBuckets } from '../../src/app/buckets/ensure-buckets.ts';
import { authorizationDescription } from '../../src/core/buckets/authorization.ts';
import { ExternalError } from '../../src/core/error.ts';
import { type Mode, modeFacts } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import { hurriedClock } from './clock.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { setUpBareInfluxdb } from './influxdb-of-both-modes.ts';

export const operatorToken = 'operator-token-for-the-tests';

export const setUpInfluxdb = (influx: Influx, token = operatorToken) =>
  setUpBareInfluxdb(influx, { clock: hurriedClock, token, password: 'password-for-the-tests' });

/** The two settings of a deployment that hold tokens, and the step that fills them. */
export function createBucketRunner(influx: Influx) {
  const stored: Partial<Record<Mode, string>> = {};
  const orgId = async (mode: Mode): Promise<string> =>
    (await influx.findOrg(operatorToken, modeFacts[mode].org))?.id ?? '';
  const workFor = (mode: Mode, storedToken: string | undefined): BucketsWork => {
    const settings = (of: Mode) => ({
      storedToken: of === mode ? storedToken : stored[of],
      retentionSeconds: modeFacts[of].buckets[0]?.retentionSeconds ?? 0,
    });
    return {
      influx,
      operatorToken,
      modes: [mode],
      settings: { test: settings('test'), production: settings('production') },
      wishes: { changeRetention: false },
    };
  };
  return {
    stored,
    orgId,
    workFor,
    ensure: async (mode: Mode, storedToken = stored[mode], through = influx) => {
      const details: string[] = [];
      const result = await ensureBuckets({
        ...workFor(mode, storedToken),
        influx: through,
        deleteData: [],
        onDetail: text => details.push(text),
        storeToken: async (of, token) => {
          stored[of] = token;
        },
      });
      const token = result.tokens.get(mode) ?? '';
      if (result.changed) assert.equal(token, stored[mode]);
      return { ...result, token, details };
    },
    check: async (mode: Mode) => {
      const check = await checkBuckets(workFor(mode, stored[mode]));
      return { ...check, actions: check.decisions.get(mode)?.actions ?? [] };
    },
    ours: async (mode: Mode) =>
      (await influx.listAuthorizations(operatorToken, await orgId(mode))).filter(
        ({ description }) => description === authorizationDescription(mode),
      ),
    bucketIds: async (mode: Mode): Promise<readonly string[]> => {
      const ids: string[] = [];
      for (const { name } of modeFacts[mode].buckets) {
        const bucket = await influx.findBucket(operatorToken, await orgId(mode), name);
        if (bucket !== undefined) ids.push(bucket.id);
      }
      return ids;
    },
  };
}

async function assertClean(runner: ReturnType<typeof createBucketRunner>, mode: Mode): Promise<void> {
  assert.equal((await runner.ours(mode)).length, 1);
  assert.equal((await runner.bucketIds(mode)).length, modeFacts[mode].buckets.length);
  const check = await runner.check(mode);
  assert.deepEqual([check.isDone, check.actions], [true, []]);
}

export type TestServer = { readonly url: string; readonly dispose: () => Promise<void> };

/** The tests build on each other, in order, on one server. */
export function describeBucketStep(
  name: string,
  options: { readonly skip?: string | false },
  start: () => Promise<TestServer>,
): void {
  describe(name, { skip: options.skip ?? false }, () => {
    let server: TestServer;
    let influx: Influx;
    let runner: ReturnType<typeof createBucketRunner>;

    before(async () => {
      server = await start();
      influx = createInflux({ url: server.url });
      runner = createBucketRunner(influx);
    });
    after(async () => {
      await server?.dispose();
    });

    test('a new server is known by its version and is free to be set up', async () => {
      const identity = await influx.identify();
      assert.equal(identity.kind, 'influxdb2');
      assert.match('version' in identity ? (identity.version ?? '') : '', /^2\./);
      assert.equal(await influx.isSetupAllowed(), true);
    });

    test('it is set up once, and then only looked at', async () => {
      assert.equal((await setUpInfluxdb(influx)).changed, true);
      assert.equal(await influx.isSetupAllowed(), false);
      assert.equal((await setUpInfluxdb(influx)).changed, false);
    });

    test('an unknown operator token means another volume, and is not told', async () => {
      await assert.rejects(setUpInfluxdb(influx, 'another-token'), (error: unknown) => {
        assert.ok(error instanceof ExternalError);
        assert.match(error.message, /does not know the operator token/);
        assert.equal(error.status, 401);
        assert.ok(error.nextSteps.length > 2);
        assert.ok(!JSON.stringify(error).includes('another-token'));
        return true;
      });
    });

    test('a look before the first run says what is to be done, and does nothing', async () => {
      const check = await runner.check('test');
      assert.deepEqual(
        check.actions.map(({ kind }) => kind),
        ['create-bucket', 'create-bucket', 'create-bucket', 'create-authorization'],
      );
      assert.equal((await runner.bucketIds('test')).length, 1);
    });

    test('the first run makes everything, the second nothing', async () => {
      const first = await runner.ensure('test');
      assert.equal(first.changed, true);
      await assertClean(runner, 'test');
      const second = await runner.ensure('test');
      assert.deepEqual([second.changed, second.token, second.details], [false, first.token, []]);
    });

    test('the other mode stands beside it, and neither token reaches the other mode by name', async () => {
      assert.equal((await runner.ensure('production')).changed, true);
      await assertClean(runner, 'production');
      await assertClean(runner, 'test');
      const denied = { read: false, write: false, isTokenKnown: true };
      for (const { name: bucket } of modeFacts.production.buckets) {
        const { org } = modeFacts.production;
        assert.deepEqual(await influx.probeAccess(runner.stored.test ?? '', org, bucket), denied);
      }
    });

    test('a stored token that is unknown, too much, or for the other mode is replaced', async () => {
      for (const wrong of ['gone', operatorToken, runner.stored.production]) {
        const result = await runner.ensure('test', wrong);
        assert.equal(result.changed, true);
        assert.notEqual(result.token, wrong);
        assert.equal((await runner.ours('test')).length, 1);
      }
      assert.equal((await runner.ensure('production')).changed, false);
    });

    test('what a run left that was killed between making and storing a token is removed', async () => {
      const orphan = await influx.createAuthorization(operatorToken, {
        orgId: await runner.orgId('test'),
        description: authorizationDescription('test'),
        bucketIds: await runner.bucketIds('test'),
      });
      assert.equal((await runner.ensure('test')).changed, true);
      await assertClean(runner, 'test');
      assert.notEqual((await runner.ours('test'))[0]?.id, orphan.authorization.id);
      assert.equal(
        (await influx.probeAccess(orphan.token, 'homeiq-test', 'weather_data_test')).isTokenKnown,
        false,
      );
    });

    test('a token made by hand for exactly these buckets is taken over as it is', async () => {
      const made = await influx.createAuthorization(operatorToken, {
        orgId: await runner.orgId('production'),
        description: 'made by hand',
        bucketIds: await runner.bucketIds('production'),
      });
      const [our] = await runner.ours('production');
      await influx.deleteAuthorization(operatorToken, our?.id ?? '');
      const result = await runner.ensure('production', made.token);
      assert.deepEqual([result.changed, result.token], [false, made.token]);
      assert.equal((await runner.ensure('production', undefined)).changed, true);
      await assertClean(runner, 'production');
    });

    test('each refusal keeps the status, word and text of InfluxDB', async () => {
      const refused = (call: Promise<unknown>, status: number, code: string, said: RegExp) =>
        assert.rejects(call, (error: unknown) => {
          assert.ok(error instanceof ExternalError);
          assert.deepEqual([error.status, error.code], [status, code]);
          assert.match(error.message, said);
          return true;
        });
      const orgId = await runner.orgId('test');
      const token = runner.stored.test ?? '';
      const again = { orgId, name: 'weather_data_test', description: '' };
      const day = { retentionSeconds: 86_400, shardGroupSeconds: 3600 };
      const account = { username: 'homeiq-admin', password: 'password-for-the-tests', token: operatorToken };
      const setup = { ...account, org: 'a', bucket: 'b', retentionSeconds: 0 };
      await refused(influx.setup(setup), 422, 'conflict', /onboarding has already been completed/);
      await refused(influx.createOrg(operatorToken, 'homeiq-test'), 422, 'conflict', /already exists/);
      await refused(influx.createOrg(token, 'other'), 401, 'unauthorized', /write:orgs is unauthorized/);
      await refused(influx.createOrg('nobody', 'other'), 401, 'unauthorized', /unauthorized access/);
      await refused(
        influx.createBucket(operatorToken, { ...again, ...day }),
        422,
        'conflict',
        /already exists/,
      );
      await refused(
        influx.writeLine(operatorToken, 'homeiq-test', 'nope', 'm v=1'),
        404,
        'not found',
        /bucket "nope" not found/,
      );
      await refused(
        influx.writeLine(token, 'homeiq', 'weather_data', 'm v=1'),
        403,
        'forbidden',
        /insufficient/,
      );
      await refused(
        influx.deleteAuthorization(operatorToken, '0000000000000001'),
        404,
        'not found',
        /authorization not found/,
      );
      assert.equal(await influx.findOrg(operatorToken, 'nobody'), undefined);
      assert.equal(await influx.findBucket(operatorToken, orgId, 'nope'), undefined);
    });
  });

  describe(`${name}, with a fault at every call`, { skip: options.skip ?? false }, () => {
    let server: TestServer;
    let proxy: FaultProxy;

    before(async () => {
      server = await start();
      proxy = await startFaultProxy(server.url);
      await setUpInfluxdb(createInflux({ url: server.url }));
    });
    after(async () => {
      await proxy?.dispose();
      await server?.dispose();
    });

    /** Lets the step meet the fault at its calls, one at a time, always from an org that is not there. */
    const meetAtCalls = async (fault: Fault, firstCall: number, stride: number): Promise<number> => {
      const direct = createInflux({ url: server.url });
      const runner = createBucketRunner(direct);
      const faulty = createInflux({ url: proxy.url, requestTimeoutMs: fault === 'silence' ? 1000 : 10_000 });
      for (let at = firstCall; ; at += stride) {
        await removeOrg(server.url, await runner.orgId('production'));
        delete runner.stored.production;
        proxy.arm(fault, at);
        const outcome = await runner.ensure('production', undefined, faulty).then(
          () => undefined,
          (error: unknown) => error,
        );
        const metCall = proxy.seen[at - 1];
        if (outcome !== undefined) {
          assert.ok(outcome instanceof ExternalError, `call ${at}, ${metCall}: ${String(outcome)}`);
          assert.ok(!JSON.stringify(outcome).includes(operatorToken));
        }
        await runner.ensure('production');
        await assertClean(runner, 'production');
        if (metCall === undefined) {
          assert.equal(outcome, undefined);
          return proxy.seen.length;
        }
        assert.notEqual(outcome, undefined, `call ${at}, ${metCall}, was lost without a word`);
      }
    };

    // Every call for what interrupts; for what answers wrongly, calls of every kind.
    for (const [fault, firstCall, stride] of [
      ['reset-before', 1, 1],
      ['reset-after', 1, 1],
      ['html', 1, 3],
      ['redirect', 2, 3],
      ['unavailable', 3, 3],
      ['silence', 2, 10],
    ] as const) {
      test(`${fault}: the run after it ends clean, with one authorization`, async () => {
        assert.ok((await meetAtCalls(fault, firstCall, stride)) > 20);
      });
    }
  });
}

async function removeOrg(url: string, orgId: string): Promise<void> {
  if (orgId === '') return;
  const response = await fetch(`${url}/api/v2/orgs/${orgId}`, {
    method: 'DELETE',
    headers: { authorization: `Token ${operatorToken}` },
  });
  assert.equal(response.status, 204);
}
