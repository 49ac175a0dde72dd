/** `homeiq buckets --check --json` on servers that are broken in every way: the fault by its name, and nothing changed. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { authorizationDescription } from '../../src/core/buckets/authorization.ts';
import type { BucketsFaultCode } from '../../src/core/buckets/buckets-report.ts';
import { exitCodes } from '../../src/core/error.ts';
import { type Mode, modeFacts } from '../../src/core/mode/mode.ts';
import type { Container } from '../../src/ports/engine.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import type { Ports } from '../../src/ports/ports.ts';
import {
  askBuckets,
  type BucketsAnswer,
  countTokens,
  createBucketPorts,
  editDocuments,
  fingerprintFolder,
  fingerprintServer,
  influxdbContainer,
  readToken,
  writeDeployment,
} from '../helpers/bucket-deployment.ts';
import { type Fault, slowAnswerMs, startFaultProxy } from '../helpers/fault-proxy.ts';
import { type Influxd, influxdBinary, startInfluxd } from '../helpers/influxd.ts';
import { readRunFiles } from '../helpers/secrets.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const binary = influxdBinary();
const skip = 'skip' in binary ? binary.skip : false;
const operatorToken = 'operator-token-for-the-tests';
const password = 'password-for-the-tests';

const codesOf = ({ document }: BucketsAnswer): readonly string[] => [
  ...new Set(document.faults.map(({ code }) => code)),
];

/** Tokens, ids and passwords that no output may hold. */
async function assertTellsNoSecret(answer: BucketsAnswer, ports: Ports, influx: Influx): Promise<void> {
  const tokens = [await readToken(ports, 'test'), await readToken(ports, 'production')];
  const all = await influx.listAuthorizations(operatorToken, undefined);
  const ids = all.flatMap(({ id, orgId, permissions }) => [id, orgId, ...permissions.map(each => each.id)]);
  for (const secret of [...tokens, operatorToken, password, ...ids]) {
    if (secret !== undefined) assert.ok(!answer.text.includes(secret), 'the output holds a secret or an id');
  }
}

describe('A broken InfluxDB', { skip }, () => {
  let server: Influxd;
  let influx: Influx;
  let folder: string;
  let ports: Ports;
  let containers: readonly Container[] = [influxdbContainer];

  before(async () => {
    server = await startInfluxd('path' in binary ? binary.path : '');
    influx = createInflux({ url: server.url });
    folder = mkdtempSync(join(tmpdir(), 'homeiq-broken-'));
    ports = createBucketPorts(folder, server.url, { containers: () => containers });
    await writeDeployment(ports, 'test', { operatorToken, password });
  });
  after(async () => {
    await server?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const check = () => askBuckets(ports, ['--check', '--json']);

  /** Checks twice: what is told is the same, and neither the server nor the folder has changed. */
  const assertFault = async (...codes: readonly BucketsFaultCode[]): Promise<void> => {
    const seenBefore = [await fingerprintServer(server.url, operatorToken), fingerprintFolder(folder)];
    const answer = await check();
    assert.equal(answer.exitCode, exitCodes.failed);
    assert.deepEqual(codesOf(answer).toSorted(), [...codes].toSorted());
    assert.equal(answer.document.ok, false);
    await assertTellsNoSecret(answer, ports, influx);
    assert.equal((await check()).text, answer.text);
    assert.deepEqual(
      [await fingerprintServer(server.url, operatorToken), fingerprintFolder(folder)],
      seenBefore,
    );
  };

  /** The run after it: all right, one token a mode, and the next run has nothing to do. */
  const assertRepaired = async (...args: readonly string[]): Promise<void> => {
    const repaired = await askBuckets(ports, ['--json', ...args]);
    assert.deepEqual(repaired.document.faults, [], repaired.text);
    assert.deepEqual(
      [repaired.exitCode, repaired.document.run?.outcome, repaired.document.run?.changed],
      [exitCodes.done, 'done', true],
    );
    await assertTellsNoSecret(repaired, ports, influx);
    assert.deepEqual(await countTokens(influx, operatorToken), { test: 1, production: 1 });
    const again = await askBuckets(ports, ['--json']);
    assert.deepEqual([again.exitCode, again.document.run?.changed], [exitCodes.done, false]);
  };

  const orgId = async (mode: Mode): Promise<string> =>
    (await influx.findOrg(operatorToken, modeFacts[mode].org))?.id ?? '';
  const bucketIdsOf = async (mode: Mode): Promise<readonly string[]> => {
    const inOrg = await orgId(mode);
    const found = await Promise.all(
      modeFacts[mode].buckets.map(({ name }) => influx.findBucket(operatorToken, inOrg, name)),
    );
    return found.map(bucket => bucket?.id ?? '');
  };
  const tokenOf = async (mode: Mode, bucketIds: readonly string[], description = 'of the test') =>
    influx.createAuthorization(operatorToken, { orgId: await orgId(mode), description, bucketIds });
  const oursOf = async (mode: Mode): Promise<string> => {
    const all = await influx.listAuthorizations(operatorToken, await orgId(mode));
    return all.find(({ description }) => description === authorizationDescription(mode))?.id ?? '';
  };
  const remove = async (path: string): Promise<void> => {
    const answer = await fetch(`${server.url}/api/v2/${path}`, {
      method: 'DELETE',
      headers: { authorization: `Token ${operatorToken}` },
    });
    assert.equal(answer.status, 204);
  };
  const storeOperatorToken = (token: string) => ports.files.writeSecret('influxdb-operator-token', token);

  test('that nobody has set up', async () => {
    const folderBefore = fingerprintFolder(folder);
    const answer = await check();
    assert.deepEqual([answer.exitCode, codesOf(answer)], [exitCodes.failed, ['not-set-up']]);
    assert.equal(await influx.isSetupAllowed(), true);
    assert.equal(fingerprintFolder(folder), folderBefore);
    await assertRepaired();
    const healthy = await check();
    assert.deepEqual([healthy.exitCode, healthy.document.ok], [exitCodes.done, true]);
    assert.match(healthy.text, /any valid token read a bucket whose id it knows/);
  });

  test('whose operator token is missing, unknown, switched off, or none', async t => {
    t.after(() => storeOperatorToken(operatorToken));
    await rm(join(folder, '.homeiq/secrets/influxdb-operator-token'));
    await assertFault('operator-token-missing');
    // It belongs to the data that is there: a run makes no new one.
    const refused = await askBuckets(ports, ['--json']);
    assert.deepEqual([refused.exitCode, codesOf(refused)], [exitCodes.failed, ['operator-token-missing']]);
    assert.equal(await ports.files.readSecret('influxdb-operator-token'), undefined);
    await storeOperatorToken('another-token-than-the-right-one');
    await assertFault('operator-token-unknown');
    const second = await influx.createOperatorAuthorization(operatorToken, {
      orgId: await orgId('test'),
      description: 'second operator',
    });
    await influx.changeAuthorization(operatorToken, second.id, { isActive: false });
    await storeOperatorToken(second.token);
    await assertFault('operator-token-inactive');
    await influx.deleteAuthorization(operatorToken, second.id);
    await storeOperatorToken((await readToken(ports, 'test')) ?? '');
    await assertFault('operator-token-limited');
    const failed = await askBuckets(ports, ['--json']);
    assert.equal(failed.exitCode, exitCodes.failed);
    assert.match(failed.text, /--recover cli.*--recover password.*--recover offline/);
    assert.deepEqual(codesOf(failed), ['operator-token-limited']);
  });

  const broken: readonly (readonly [
    name: string,
    breakIt: () => Promise<unknown>,
    codes: readonly BucketsFaultCode[],
  ])[] = [
    [
      'with an organization renamed',
      async () => influx.renameOrg(operatorToken, await orgId('production'), 'somebody-renamed-it'),
      ['org-renamed'],
    ],
    [
      'with an organization deleted',
      async () => remove(`orgs/${await orgId('production')}`),
      ['org-missing', 'bucket-missing'],
    ],
    [
      'with a bucket renamed',
      async () => influx.renameBucket(operatorToken, (await bucketIdsOf('test'))[1] ?? '', 'old_weather'),
      ['bucket-renamed'],
    ],
    [
      'with two buckets and their organization renamed',
      async () => {
        const [main = '', weather = ''] = await bucketIdsOf('production');
        await influx.renameBucket(operatorToken, main, 'old_events');
        await influx.renameBucket(operatorToken, weather, 'old_weather');
        await influx.renameOrg(operatorToken, await orgId('production'), 'somebody-renamed-it');
      },
      ['org-renamed', 'bucket-renamed'],
    ],
    [
      'with a bucket deleted',
      async () => remove(`buckets/${(await bucketIdsOf('test'))[0]}`),
      ['bucket-missing'],
    ],
    [
      'with no stored token',
      async () => editDocuments(ports, 'test', { INFLUXDB_TOKEN: '' }),
      ['token-not-stored'],
    ],
    [
      'with a stored token that it does not know',
      async () => editDocuments(ports, 'production', { INFLUXDB_TOKEN: 'homeiq-production-token' }),
      ['token-unknown'],
    ],
    [
      'with a token that was deleted',
      async () => influx.deleteAuthorization(operatorToken, await oursOf('test')),
      ['token-unknown'],
    ],
    [
      'with a token switched off',
      async () => influx.changeAuthorization(operatorToken, await oursOf('production'), { isActive: false }),
      ['token-inactive'],
    ],
    [
      'with a token that lacks a bucket',
      async () => {
        const { token } = await tokenOf('test', (await bucketIdsOf('test')).slice(1));
        await editDocuments(ports, 'test', { INFLUXDB_TOKEN: token });
      },
      ['token-lacks-right'],
    ],
    [
      'with a token that reaches the other mode',
      async () => {
        const ids = [...(await bucketIdsOf('test')), ...(await bucketIdsOf('production'))];
        const { token } = await tokenOf('test', ids);
        await editDocuments(ports, 'test', { INFLUXDB_TOKEN: token });
      },
      ['token-unexpected-access'],
    ],
    [
      'with the operator token given to the services',
      async () => editDocuments(ports, 'test', { INFLUXDB_TOKEN: operatorToken }),
      ['token-unexpected-access'],
    ],
    [
      'with a token for a bucket of somebody else too',
      async () => {
        const inOrg = await orgId('test');
        const extra = await influx.createBucket(operatorToken, {
          orgId: inOrg,
          name: `extra-${Date.now()}`,
          retentionSeconds: 0,
          shardGroupSeconds: 604_800,
          description: '',
        });
        const { token } = await tokenOf('test', [...(await bucketIdsOf('test')), extra.id]);
        await influx.deleteAuthorization(operatorToken, await oursOf('test'));
        await editDocuments(ports, 'test', { INFLUXDB_TOKEN: token });
      },
      ['token-allows-more'],
    ],
    [
      'with a token that an interrupted run left',
      async () => tokenOf('test', await bucketIdsOf('test'), authorizationDescription('test')),
      ['token-orphaned'],
    ],
    [
      "with a token in .env alone, and not in the mode's own document",
      async () => ports.files.writeModeEnv('test', await ports.program.template('test')),
      ['token-stored-differently'],
    ],
  ];
  for (const [name, breakIt, codes] of broken) {
    test(name, async () => {
      await breakIt();
      await assertFault(...codes);
      await assertRepaired();
    });
  }

  test('with another retention, which stays until it is decided', async () => {
    const [id = ''] = await bucketIdsOf('test');
    const day = 86_400;
    const change = (days: number) =>
      influx.changeRetention(operatorToken, id, { retentionSeconds: days * day, shardGroupSeconds: day });
    await change(14);
    await assertFault('retention-differs');
    const kept = await askBuckets(ports, ['--json']);
    assert.deepEqual([kept.exitCode, kept.document.run?.changed], [exitCodes.done, false]);
    await assertFault('retention-differs');

    const state = await fingerprintServer(server.url, operatorToken);
    const shorten = ['--mode', 'test', '--retention-days', '7'];
    for (const consent of [[], ['--delete-data', 'weather_data_test'], ['--yes']]) {
      await assert.rejects(askBuckets(ports, [...shorten, ...consent]), (error: { exitCode?: number }) =>
        consent[0] === '--yes' ? error.exitCode === exitCodes.usage : error.exitCode === exitCodes.refused,
      );
    }
    assert.equal(await fingerprintServer(server.url, operatorToken), state);
    await assertRepaired(...shorten, '--delete-data', 'home_assistant_events_test');

    await assertRepaired('--mode', 'test', '--retention-days', '200');
    const bucket = await influx.findBucket(operatorToken, await orgId('test'), 'weather_data_test');
    assert.deepEqual([bucket?.retentionSeconds, bucket?.shardGroupSeconds], [200 * day, 7 * day]);
    assert.match((await ports.files.readEnv()) ?? '', /^INFLUXDB_RETENTION=200d$/m);
    const consent = modeFacts.test.buckets.flatMap(({ name }) => ['--delete-data', name]);
    await assertRepaired(...shorten, ...consent);
    const again = await influx.findBucket(operatorToken, await orgId('test'), 'weather_data_test');
    assert.deepEqual([again?.retentionSeconds, again?.shardGroupSeconds], [7 * day, day]);
  });

  test('whose settings say a retention that it would refuse', async () => {
    await editDocuments(ports, 'test', { INFLUXDB_RETENTION: '5m' });
    await assertFault('retention-invalid');
    const failed = await askBuckets(ports, ['--json']);
    assert.equal(failed.exitCode, exitCodes.failed);
    assert.match(failed.document.run?.error?.message ?? '', /INFLUXDB_RETENTION of test mode is "5m"/);
    await editDocuments(ports, 'test', { INFLUXDB_RETENTION: '7d' });
  });

  test('beside a service that runs with an old token', async () => {
    const service = {
      ...influxdbContainer,
      id: 'data-api',
      service: 'data-api',
      environment: { INFLUXDB_TOKEN: 'an old one', DEPLOYMENT_MODE: 'test' },
    };
    containers = [influxdbContainer, service];
    await assertFault('token-outdated-in-service');
    containers = [influxdbContainer];
  });

  test('that is down', async () => {
    const state = await fingerprintServer(server.url, operatorToken);
    const folderBefore = fingerprintFolder(folder);
    await server.stop();
    const answer = await check();
    assert.deepEqual([answer.exitCode, codesOf(answer)], [exitCodes.failed, ['not-ready']]);
    await server.start();
    assert.deepEqual(
      [await fingerprintServer(server.url, operatorToken), fingerprintFolder(folder)],
      [state, folderBefore],
    );
  });

  test('behind something that fails at any one of its calls, or answers slowly', async t => {
    /** A proxy for each check: what an aborted one still sends must not count for the next. */
    const checkThrough = async (fault: Fault, at: number) => {
      const proxy = await startFaultProxy(server.url);
      proxy.arm(fault, at);
      const through = createBucketPorts(folder, proxy.url, { requestTimeoutMs: 1000 });
      const answer = await askBuckets(through, ['--check', '--json']);
      const seen = [...proxy.seen];
      await proxy.dispose();
      return { answer, seen };
    };
    const calls = (await checkThrough('reset-before', 0)).seen.length;
    assert.ok(calls > 40, String(calls));
    const state = await fingerprintServer(server.url, operatorToken);
    const counted: Record<string, number> = {};
    for (const [fault, stride, codes] of [
      ['reset-before', 1, ['not-ready']],
      ['reset-after', 3, ['not-ready']],
      ['html', 3, ['unexpected-answer', 'other-program']],
      ['redirect', 3, ['unexpected-answer', 'other-program']],
      ['unavailable', 3, ['not-ready']],
      ['silence', 12, ['not-ready']],
    ] as const) {
      for (let at = 1; at <= calls; at += stride) {
        const { answer, seen } = await checkThrough(fault, at);
        assert.equal(answer.exitCode, exitCodes.failed, `${fault} at ${at}, ${seen[at - 1]}`);
        const [code, ...others] = codesOf(answer);
        assert.ok(others.length === 0 && codes.some(known => known === code), `${fault} at ${at}: ${code}`);
        counted[fault] = (counted[fault] ?? 0) + 1;
      }
    }
    const startedMs = performance.now();
    const slow = await checkThrough('slow', 1);
    assert.deepEqual([slow.answer.exitCode, slow.answer.document.ok], [exitCodes.done, true], 'slow answers');
    assert.ok(performance.now() - startedMs > 3 * slowAnswerMs);
    const slowProxy = await startFaultProxy(server.url);
    slowProxy.arm('slow', 1);
    const slowRun = await askBuckets(createBucketPorts(folder, slowProxy.url), ['--json']);
    await slowProxy.dispose();
    assert.deepEqual(
      [slowRun.exitCode, slowRun.document.run?.changed],
      [exitCodes.done, false],
      'a slow run',
    );
    assert.equal(await fingerprintServer(server.url, operatorToken), state);
    t.diagnostic(`${calls} calls in a check; faults met: ${JSON.stringify(counted)}`);
  });

  test('whose runs have left no id of a bucket, and no token, in a journal', async () => {
    const all = await influx.listAuthorizations(operatorToken, undefined);
    const ids = new Set(all.flatMap(({ permissions }) => permissions.flatMap(({ id }) => id ?? [])));
    assert.ok(ids.size >= 8);
    const tokens = [await readToken(ports, 'test'), await readToken(ports, 'production')];
    const texts = readRunFiles(folder);
    assert.ok(texts.length > 20);
    for (const secret of [...ids, ...tokens, operatorToken, password]) {
      assert.ok(
        texts.every(text => !text.includes(secret ?? '')),
        'a journal holds a secret or an id',
      );
    }
  });
});

describe('An InfluxDB that somebody else set up', { skip }, () => {
  test('is adopted: its organization, bucket, data and retention stay, and only what is missing is made', async t => {
    const server = await startInfluxd('path' in binary ? binary.path : '', { useHashedTokens: false });
    t.after(() => server.dispose());
    const { org, mainBucket } = modeFacts.production;
    const influx = createInflux({ url: server.url });
    const theirs = 'the-token-of-somebody-else';
    await influx.setup({
      username: 'somebody',
      password: 'their own password',
      org,
      bucket: mainBucket,
      retentionSeconds: 0,
      token: theirs,
    });
    await influx.writeLine(theirs, org, mainBucket, 'kept value=7i');
    const before = await influx.listAuthorizations(theirs, undefined);

    const ports = createBucketPorts(temporaryFolder(t), server.url);
    await writeDeployment(ports, 'production', { operatorToken, password });
    const stranger = await askBuckets(ports, ['--check', '--json']);
    assert.deepEqual(codesOf(stranger), ['operator-token-unknown']);
    const refused = await askBuckets(ports, ['--json']);
    assert.deepEqual([refused.exitCode, codesOf(refused)], [exitCodes.failed, ['operator-token-unknown']]);
    assert.deepEqual(await influx.listAuthorizations(theirs, undefined), before);

    const recovered = await askBuckets(ports, ['--recover', 'password', '--json'], {
      HOMEIQ_INFLUXDB_USERNAME: 'somebody',
      HOMEIQ_INFLUXDB_PASSWORD: 'their own password',
    });
    assert.equal(recovered.exitCode, exitCodes.done, recovered.text);
    // Nobody has decided on the retention yet.
    assert.deepEqual(codesOf(recovered), ['retention-differs']);
    const ours = (await ports.files.readSecret('influxdb-operator-token')) ?? '';
    assert.equal(await influx.tokenStanding(theirs), 'operator');
    assert.deepEqual(await countTokens(influx, ours), { test: 1, production: 1 });
    const rows = await influx.query(
      (await readToken(ports, 'production')) ?? '',
      org,
      `from(bucket: "${mainBucket}") |> range(start: -1h) |> last()`,
    );
    assert.equal(rows[0]?._value, '7');

    await askBuckets(ports, ['--mode', 'production', '--retention-days', '0', '--json']);
    const settled = await askBuckets(ports, ['--check', '--json']);
    assert.deepEqual([settled.exitCode, codesOf(settled)], [exitCodes.done, []]);
    const again = await askBuckets(ports, ['--json']);
    assert.deepEqual([again.exitCode, again.document.run?.changed], [exitCodes.done, false]);
  });
});

describe('What is no InfluxDB 2 that is ready', () => {
  const oss = (version: string) => ({ 'x-influxdb-build': 'OSS', 'x-influxdb-version': version });
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const answer =
    (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
    (_request, response) => {
      response.writeHead(status, headers);
      response.end(body);
    };
  /** What a real server said to `GET /ping`, byte for byte but for its line ends. */
  const recorded = (name: string): RequestListener => {
    const text = readFileSync(join(import.meta.dirname, '../fixtures/influxdb', name), 'utf8');
    const [first = '', ...lines] = text.trimEnd().split('\n');
    const headers = lines.map(line => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
    return answer(Number(first.split(' ')[1]), Object.fromEntries(headers));
  };
  // Version 3 and Cloud as their sources have it: no such server is to be had here.
  const core3 = {
    ...json,
    'x-influxdb-build': 'Core',
    'x-influxdb-version': '3.2.1',
    'cluster-uuid': 'f3c9',
  };
  const others: readonly (readonly [string, RequestListener, BucketsFaultCode, RegExp])[] = [
    ['version 1', recorded('ping-1.8.10.http'), 'influxdb-1', /Found InfluxDB 1\.8\.10 .*influxdb:2\.9/],
    [
      'version 3',
      answer(200, core3, '{"product_name":"InfluxDB 3 Core"}'),
      'influxdb-3',
      /InfluxDB 3 3\.2\.1/,
    ],
    [
      'version 3 that wants a token',
      answer(401, { 'cluster-uuid': 'f3c9' }),
      'influxdb-3',
      /Found InfluxDB 3/,
    ],
    [
      'Cloud',
      answer(204, { 'x-influxdb-build': 'Cloud', 'x-influxdb-version': '2.1.0' }),
      'influxdb-cloud',
      /InfluxDB Cloud/,
    ],
    [
      'one that listens and is starting',
      answer(503, { ...json, ...oss('2.10.0') }, '{"status":"starting"}'),
      'not-ready',
      /503/,
    ],
    [
      'a web page',
      answer(200, { 'content-type': 'text/html' }, '<h1>Sign in</h1>'),
      'other-program',
      /Sign in/,
    ],
    ['a redirect', answer(302, { location: 'https://login.example/' }), 'other-program', /login\.example/],
    ['silence', () => {}, 'not-ready', /no answer within 1 s/],
    ['a closed connection', request => request.socket.destroy(), 'not-ready', /closed/],
  ];
  const ask = async (t: TestContext, listener: RequestListener) => {
    const methods = new Set<string | undefined>();
    const server = createServer((request, response) => {
      methods.add(request.method);
      listener(request, response);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    t.after(async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ports = createBucketPorts(temporaryFolder(t), url, { requestTimeoutMs: 1000 });
    await writeDeployment(ports, 'test', { operatorToken, password });
    const folderBefore = fingerprintFolder(ports.files.folder);
    const seen = await askBuckets(ports, ['--check', '--json']);
    assert.equal(fingerprintFolder(ports.files.folder), folderBefore);
    return { seen, ports, methods };
  };
  for (const [name, listener, code, said] of others) {
    test(`${name} is named`, async t => {
      const { seen, ports, methods } = await ask(t, listener);
      assert.equal(seen.exitCode, exitCodes.failed);
      assert.deepEqual(codesOf(seen), [code]);
      assert.match(seen.document.faults[0]?.message ?? '', said);
      // What is no InfluxDB 2 is asked who it is, and nothing else; by a run too, which refuses what is not ours.
      if (code !== 'not-ready') {
        const run = await askBuckets(ports, ['--json']);
        assert.equal(run.exitCode, exitCodes.refused);
        assert.match(run.document.run?.error?.message ?? '', said);
      }
      assert.deepEqual([...methods], ['GET']);
    });
  }
});
