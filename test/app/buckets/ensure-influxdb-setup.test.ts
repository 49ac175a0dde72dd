import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ensureInfluxdbSetup } from '../../../src/app/buckets/ensure-influxdb-setup.ts';
import { BugError, ExternalError, exitCodes, UserError } from '../../../src/core/error.ts';
import type { Influx, InfluxIdentity } from '../../../src/ports/influxdb.ts';
import { createJumpingClock } from '../../helpers/clock.ts';
import { silentInflux } from '../../helpers/silent-influx.ts';

const notReady = (seen: string): InfluxIdentity => ({ kind: 'not-ready', seen });
const ready: InfluxIdentity = { kind: 'influxdb2', version: '2.9.1' };

/** An InfluxDB that answers from a script; the last identity stays. */
function scripted(
  identities: readonly InfluxIdentity[],
  changes: Partial<Influx> = {},
): Influx & { readonly setups: readonly unknown[] } {
  const setups: unknown[] = [];
  let at = 0;
  return {
    ...silentInflux,
    setups,
    identify: async () => {
      const identity = identities[Math.min(at, identities.length - 1)] ?? ready;
      at += 1;
      return identity;
    },
    isSetupAllowed: async () => setups.length === 0,
    setup: async request => void setups.push(request),
    tokenStanding: async () => 'operator',
    ...changes,
  };
}

function run(
  influx: Influx,
  changes: { password?: string; waitLimitMs?: number; signal?: AbortSignal } = {},
) {
  const clock = createJumpingClock();
  const details: string[] = [];
  const { password = 'a-good-password', ...rest } = changes;
  const result = ensureInfluxdbSetup({
    influx,
    clock,
    credentials: { username: 'homeiq-admin', password, token: 'operator' },
    org: 'homeiq-test',
    bucket: 'home_assistant_events_test',
    retentionSeconds: 604_800,
    onDetail: text => details.push(text),
    ...rest,
  });
  return { result, details, clock };
}

describe('The set-up of InfluxDB', () => {
  test('waits, tells each reason once, and then sets up', async () => {
    const refused = notReady('nothing listens there (ECONNREFUSED)');
    const influx = scripted([refused, refused, refused, notReady('it answers 503'), ready]);
    const { result, details, clock } = run(influx);
    assert.deepEqual(await result, { changed: true, version: '2.9.1', summary: 'InfluxDB 2.9.1 set up' });
    assert.deepEqual(details, [
      'waiting for InfluxDB: nothing listens there (ECONNREFUSED)',
      'waiting for InfluxDB: it answers 503',
      'set up InfluxDB 2.9.1: organization homeiq-test, bucket home_assistant_events_test',
    ]);
    assert.deepEqual(clock.slept, [250, 500, 1000, 2000]);
    assert.deepEqual(influx.setups, [
      {
        username: 'homeiq-admin',
        password: 'a-good-password',
        token: 'operator',
        org: 'homeiq-test',
        bucket: 'home_assistant_events_test',
        retentionSeconds: 604_800,
      },
    ]);
  });

  test('waits too while the server listens but does not yet say whether it is set up', async () => {
    let asked = 0;
    const influx = scripted([ready], {
      isSetupAllowed: async () => {
        asked += 1;
        if (asked < 3) throw new ExternalError('InfluxDB answered 503', { status: 503 });
        return false;
      },
    });
    const { result, details } = run(influx);
    assert.equal((await result).changed, false);
    assert.deepEqual(details, ['waiting for InfluxDB: InfluxDB answered 503']);
  });

  test('gives up after its limit, with the last reason', async () => {
    const { result } = run(scripted([notReady('it answers 503')]), { waitLimitMs: 10_000 });
    await assert.rejects(result, (error: unknown) => {
      assert.ok(error instanceof ExternalError);
      assert.match(error.message, /not ready within 10 s: it answers 503/);
      return true;
    });
  });

  test('stops waiting when asked to', async () => {
    const reason = new Error('stopped');
    const { result } = run(scripted([notReady('x')]), { signal: AbortSignal.abort(reason) });
    await assert.rejects(result, reason);
  });

  test('refuses every other version and program by name, and touches nothing', async () => {
    const others: readonly (readonly [InfluxIdentity, RegExp])[] = [
      [{ kind: 'influxdb1', version: '1.8.10' }, /Found InfluxDB 1\.8\.10/],
      [{ kind: 'influxdb3', version: '3.2.1' }, /Found InfluxDB 3 3\.2\.1/],
      [{ kind: 'influxdb3', version: undefined }, /Found InfluxDB 3 at/],
      [{ kind: 'cloud', version: undefined }, /Found InfluxDB Cloud at/],
      [{ kind: 'other', seen: 'a web page (HTTP 200)' }, /another program \(a web page \(HTTP 200\)\)/],
    ];
    for (const [identity, said] of others) {
      const influx = scripted([identity]);
      await assert.rejects(run(influx).result, (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.equal(error.exitCode, exitCodes.refused);
        assert.match(error.message, said);
        assert.match(error.message, /influxdb:2\.9.*not touched/);
        return true;
      });
      assert.deepEqual(influx.setups, []);
    }
  });

  test('sends nothing that InfluxDB would leave half done', async () => {
    const influx = scripted([ready]);
    await assert.rejects(run(influx, { password: 'short' }).result, BugError);
    assert.deepEqual(influx.setups, []);
  });

  test('takes a set-up whose answer was lost as done when the server says so', async () => {
    const influx = scripted([ready]);
    const lossy: Influx = {
      ...influx,
      setup: async (...request) => {
        await influx.setup(...request);
        throw new ExternalError('InfluxDB did not answer', { code: 'ECONNRESET' });
      },
    };
    assert.equal((await run(lossy).result).changed, true);
  });

  test('fails with the first reason when a lost set-up was not done', async () => {
    const lost = new ExternalError('InfluxDB did not answer', { code: 'ECONNRESET' });
    const influx = scripted([ready], { setup: () => Promise.reject(lost) });
    await assert.rejects(run(influx).result, lost);
  });

  test('does not claim a set-up that somebody else made first, and checks the token', async () => {
    let isAllowed = true;
    const taken = scripted([ready], {
      isSetupAllowed: async () => isAllowed,
      setup: async () => {
        isAllowed = false;
        throw new ExternalError('onboarding has already been completed', { status: 422, code: 'conflict' });
      },
    });
    assert.equal((await run(taken).result).changed, false);
    isAllowed = true;
    const theirs: Influx = {
      ...taken,
      tokenStanding: async () => 'unknown',
    };
    await assert.rejects(run(theirs).result, /does not know the operator token of this deployment/);
  });
});
