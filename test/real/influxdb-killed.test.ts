/** A run killed (SIGKILL) around each of its HTTP calls, on a real InfluxDB: the run after it ends clean. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { authorizationDescription } from '../../src/core/buckets/authorization.ts';
import { type Mode, modeFacts, modes } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import type { Ports } from '../../src/ports/ports.ts';
import {
  askBuckets,
  countTokens,
  createBucketPorts,
  editDocuments,
  readToken,
  writeDeployment,
} from '../helpers/bucket-deployment.ts';
import { bundleBucketRun, type Kill, runAndKill, runToEnd } from '../helpers/bucket-run.ts';
import { type Influxd, influxdBinary, startInfluxd } from '../helpers/influxd.ts';

const binary = influxdBinary();
const skip = 'skip' in binary ? binary.skip : false;
const operatorToken = 'operator-token-for-the-tests';

describe('A run of the buckets that is killed', { skip }, () => {
  let server: Influxd;
  let influx: Influx;
  let folder: string;
  let ports: Ports;
  let bundle: string;

  before(async () => {
    bundle = await bundleBucketRun();
    server = await startInfluxd('path' in binary ? binary.path : '');
    influx = createInflux({ url: server.url });
    folder = mkdtempSync(join(tmpdir(), 'homeiq-killed-'));
    ports = createBucketPorts(folder, server.url);
    await writeDeployment(ports, 'test', { operatorToken, password: 'password-for-the-tests' });
    assert.equal(await runToEnd(ports), 'done');
  });
  after(async () => {
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const forgetTokens = async (): Promise<void> => {
    for (const mode of modes) await editDocuments(ports, mode, { INFLUXDB_TOKEN: '' });
  };
  const removeOrg = async (mode: Mode): Promise<void> => {
    const org = await influx.findOrg(operatorToken, modeFacts[mode].org);
    if (org === undefined) return;
    const answer = await fetch(`${server.url}/api/v2/orgs/${org.id}`, {
      method: 'DELETE',
      headers: { authorization: `Token ${operatorToken}` },
    });
    assert.equal(answer.status, 204);
  };

  const assertClean = async (what: string): Promise<void> => {
    assert.equal(await runToEnd(ports), 'done', what);
    assert.deepEqual(await countTokens(influx, operatorToken), { test: 1, production: 1 }, what);
    const check = await askBuckets(ports, ['--check', '--json']);
    assert.deepEqual([check.exitCode, check.document.faults], [0, []], what);
    for (const mode of modes) {
      const stored = (await readToken(ports, mode)) ?? '';
      assert.equal(await influx.tokenStanding(stored), 'limited', what);
    }
  };

  /** Kills a run at call 1, 2, … before and after it, each time from the same beginning; gives the kills and the calls. */
  const killEverywhere = async (
    prepare: () => Promise<void>,
    isWorthIt: (call: string) => boolean,
  ): Promise<{ readonly kills: number; readonly calls: readonly string[] }> => {
    await prepare();
    const { calls } = await runAndKill(bundle, folder, server.url, { when: 'before', at: 0 });
    let kills = 0;
    for (const [index, call] of calls.entries()) {
      if (!isWorthIt(call)) continue;
      for (const when of ['before', 'after'] as const) {
        await prepare();
        const kill: Kill = { when, at: index + 1 };
        const { wasKilled } = await runAndKill(bundle, folder, server.url, kill);
        // Probes run side by side, so that their order, not their number, may differ.
        assert.ok(wasKilled, `${when} call ${kill.at}, ${call}`);
        kills += 1;
        await assertClean(`killed ${when} call ${kill.at} of ${calls.length}, ${call}`);
      }
    }
    return { kills, calls };
  };

  test('around each call, from nothing at all', async t => {
    const { kills, calls } = await killEverywhere(
      async () => {
        for (const mode of modes) await removeOrg(mode);
        await forgetTokens();
      },
      () => true,
    );
    assert.ok(calls.includes('POST /api/v2/orgs') && calls.includes('POST /api/v2/write'));
    t.diagnostic(
      `${calls.length} calls, ${kills} runs killed; after each: 1 authorization in test, 1 in production`,
    );
  });

  /** A run that meets a server without users, and makes its own credentials, killed; then one to its end. Gives the call. */
  const killOnNewServer = async (kill: Kill): Promise<string> => {
    const fresh = await startInfluxd('path' in binary ? binary.path : '');
    const own = createBucketPorts(mkdtempSync(join(tmpdir(), 'homeiq-killed-')), fresh.url);
    const { folder: ownFolder } = own.files;
    try {
      await writeDeployment(own, 'test', { operatorToken: '', password: '' });
      rmSync(join(ownFolder, '.homeiq', 'secrets'), { recursive: true });
      const { calls, wasKilled } = await runAndKill(bundle, ownFolder, fresh.url, kill);
      const call = calls[kill.at - 1] ?? '';
      const what = `killed ${kill.when} call ${kill.at}, ${call}`;
      assert.ok(wasKilled, what);
      assert.equal(await runToEnd(own), 'done', what);
      const token = (await own.files.readSecret('influxdb-operator-token')) ?? '';
      const there = createInflux({ url: fresh.url });
      assert.equal(await there.tokenStanding(token), 'operator', what);
      assert.deepEqual(await countTokens(there, token), { test: 1, production: 1 }, what);
      return call;
    } finally {
      await fresh.dispose();
      rmSync(ownFolder, { recursive: true, force: true });
    }
  };

  test('around each call up to the one that sets a new server up', async t => {
    const met: string[] = [];
    for (let at = 1; met.at(-1) !== 'POST /api/v2/setup'; at += 1) {
      await killOnNewServer({ when: 'before', at });
      met.push(await killOnNewServer({ when: 'after', at }));
    }
    t.diagnostic(
      `${met.length * 2} runs killed on new servers; after each: 1 authorization in test, 1 in production`,
    );
  });

  test('around each call that gives a name back or switches a token on', async t => {
    const breakBoth = async (): Promise<void> => {
      const { id = '' } = (await influx.findOrg(operatorToken, modeFacts.test.org)) ?? {};
      const bucket = await influx.findBucket(operatorToken, id, 'weather_data_test');
      await influx.renameBucket(operatorToken, bucket?.id ?? '', 'old_weather');
      await influx.renameOrg(operatorToken, id, 'somebody-renamed-it');
      const all = await influx.listAuthorizations(operatorToken, undefined);
      const ours = all.find(({ description }) => description === authorizationDescription('production'));
      await influx.changeAuthorization(operatorToken, ours?.id ?? '', { isActive: false });
    };
    const { kills, calls } = await killEverywhere(breakBoth, call => call.startsWith('PATCH '));
    assert.deepEqual(calls.filter(call => call.startsWith('PATCH ')).toSorted(), [
      'PATCH /api/v2/authorizations/ID',
      'PATCH /api/v2/buckets/ID',
      'PATCH /api/v2/orgs/ID',
    ]);
    t.diagnostic(`${kills} runs killed; after each: 1 authorization in test, 1 in production`);
  });

  test('around each call that makes or removes a token, with an old token to be replaced', async t => {
    const { kills, calls } = await killEverywhere(forgetTokens, call =>
      /^(POST|DELETE) \/api\/v2\/authorizations/.test(call),
    );
    assert.equal(calls.filter(call => call.startsWith('DELETE /api/v2/authorizations')).length, 2);
    t.diagnostic(`${kills} runs killed; after each: 1 authorization in test, 1 in production`);
  });
});
