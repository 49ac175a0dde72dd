/** The three ways to a new operator token, with the whole program on a real engine and a real InfluxDB. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createDeploymentFiles } from '../../src/adapters/files/deployment-files.ts';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { operatorDescription } from '../../src/core/buckets/recovery.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { serialiseEnv } from '../../src/core/env/serialise.ts';
import { documentValues, setValues } from '../../src/core/env/values.ts';
import { exitCodes } from '../../src/core/error.ts';
import { modeFacts } from '../../src/core/mode/mode.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import type { BucketsAnswer } from '../helpers/bucket-deployment.ts';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { runProgram } from '../helpers/program.ts';
import { readRunFiles, watchArguments } from '../helpers/secrets.ts';
import { watchProgram } from '../helpers/watch-program.ts';

const skip = skipWithoutSandbox('old');
const root = join(import.meta.dirname, '..', '..');

describe('An operator token that is lost', { skip, timeout: 600_000 }, () => {
  let deployment: TestDeployment;
  let influx: Influx;
  let url: string;
  const watchedProgram = watchProgram();
  /** What no output, journal or command line may hold. */
  const secrets = new Set<string>();

  const secretFile = (name: string): string => join(deployment.folder, '.homeiq', 'secrets', name);
  const readSecret = async (name: string): Promise<string> =>
    (await readFile(secretFile(name), 'utf8')).trim();
  const rememberSecrets = async (): Promise<void> => {
    secrets.add(await readSecret('influxdb-operator-token'));
    secrets.add(await readSecret('influxdb-admin-password'));
    for (const mode of ['test', 'production']) {
      const text = await readFile(join(deployment.folder, '.homeiq', 'modes', `${mode}.env`), 'utf8');
      secrets.add(documentValues(parseEnv(text)).INFLUXDB_TOKEN ?? '');
    }
  };
  const lose = async (): Promise<void> => {
    await rememberSecrets();
    const other = createHash('sha256').update(String(secrets.size)).digest('hex');
    await writeFile(secretFile('influxdb-operator-token'), `${other}\n`);
  };
  const homeiq = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const { exitCode, stdout, stderr } = await runProgram(['buckets', '--json', ...args], {
      folder: deployment.folder,
      environment: { ...deployment.environment, ...environment },
      timeoutMs: 180_000,
    });
    await rememberSecrets();
    for (const secret of secrets) assert.ok(secret === '' || !`${stdout}${stderr}`.includes(secret));
    const document = JSON.parse(stdout) as BucketsAnswer['document'];
    return { exitCode, document, text: stdout };
  };
  const assertRecovered = async ({ exitCode, document, text }: Awaited<ReturnType<typeof homeiq>>) => {
    assert.equal(exitCode, exitCodes.done, text);
    assert.deepEqual(document.faults, []);
    assert.equal(document.ok, true);
    const token = await readSecret('influxdb-operator-token');
    assert.equal(await influx.tokenStanding(token), 'operator');
    const all = await influx.listAuthorizations(token, undefined);
    const count = (description: string) => all.filter(each => each.description === description).length;
    return {
      operators: count(operatorDescription),
      leftovers: count("homeiq-admin's Recovery Token"),
      test: count('homeiq-setup/test/rw'),
      production: count('homeiq-setup/production/rw'),
    };
  };
  const startedAt = async (): Promise<string> => (await deployment.containerOf('influxdb')).startedAt;
  const valueOfTest = async (): Promise<string> =>
    documentValues(parseEnv(await deployment.read('.env'))).INFLUXDB_TOKEN ?? '';
  const readPoint = async (): Promise<string | undefined> => {
    const { org, mainBucket } = modeFacts.test;
    const rows = await influx.query(
      await valueOfTest(),
      org,
      `from(bucket: "${mainBucket}") |> range(start: -1h) |> filter(fn: (r) => r._measurement == "kept") |> last()`,
    );
    return rows[0]?._value;
  };

  before(async () => {
    deployment = await createDeployment('old', watchedProgram.environment);
    const files = createDeploymentFiles(deployment.folder);
    const keys = Object.entries(deployment.environment).flatMap(([name, value]) =>
      name.startsWith('HOMEIQ_SET_') ? [[name.slice('HOMEIQ_SET_'.length), value] as const] : [],
    );
    const { HOMEIQ_INFLUXDB_IMAGE = '' } = deployment.environment;
    const template = await readFile(join(root, 'env-templates', 'test.env'), 'utf8');
    const text = serialiseEnv(
      setValues(parseEnv(template), { ...Object.fromEntries(keys), HOMEIQ_INFLUXDB_IMAGE }),
    );
    await files.writeRecord({
      formatVersion: 1,
      level: 'bundled',
      mode: 'test',
      project: deployment.project,
      sourceRevision: undefined,
      templateVersion: '0.0.0',
    });
    await files.writeProgramFile('compose.yaml', await readFile(join(root, 'compose.yaml'), 'utf8'));
    await files.writeEnv(text);
    await files.writeModeEnv('test', text);
    url = `http://127.0.0.1:${deployment.portOf('influxdb')}`;
    influx = createInflux({ url });
  });
  after(async () => {
    await deployment?.remove();
    watchedProgram.remove();
  });

  test('is made by the first run, which starts InfluxDB and stores what it makes', async () => {
    const { exitCode, stdout } = await runProgram(['buckets', '--json'], {
      folder: deployment.folder,
      environment: deployment.environment,
      timeoutMs: 180_000,
    });
    assert.equal(exitCode, exitCodes.done, stdout);
    await rememberSecrets();
    const { org, mainBucket } = modeFacts.test;
    await influx.writeLine(await valueOfTest(), org, mainBucket, 'kept value=7i');
  });

  test('and no service is told the id of a bucket', async () => {
    const token = await readSecret('influxdb-operator-token');
    const all = await influx.listAuthorizations(token, undefined);
    const ids = new Set(all.flatMap(({ permissions }) => permissions.map(({ id }) => id)));
    ids.delete(undefined);
    assert.equal(ids.size, 8);
    const model = await deployment.compose('--profile', '*', 'config');
    assert.match(model, /INFLUXDB_BUCKET: home_assistant_events_test/);
    for (const id of ids) assert.ok(!model.includes(id ?? ''));
  });

  test('is named, and a run says the three ways in their order', async () => {
    await lose();
    const check = await homeiq(['--check']);
    assert.equal(check.exitCode, exitCodes.failed);
    assert.deepEqual(
      check.document.faults.map(({ code }) => code),
      ['operator-token-unknown'],
    );
    const run = await homeiq([]);
    assert.equal(run.exitCode, exitCodes.failed);
    assert.match(JSON.stringify(run.document.run), /--recover cli.*--recover password.*--recover offline/);
  });

  test('is made anew by password: ours is stored, another is given in the environment and may be wrong', async () => {
    const startedBefore = await startedAt();
    const byStored = await assertRecovered(await homeiq(['--recover', 'password']));
    assert.deepEqual(byStored, { operators: 1, leftovers: 0, test: 1, production: 1 });
    await lose();
    const wrong = await homeiq(['--recover', 'password'], { HOMEIQ_INFLUXDB_PASSWORD: 'a wrong password' });
    assert.equal(wrong.exitCode, exitCodes.failed);
    assert.match(
      wrong.document.run?.error?.message ?? '',
      /does not take this password for the user homeiq-admin/,
    );
    const right = await homeiq(['--recover', 'password'], {
      HOMEIQ_INFLUXDB_USERNAME: 'homeiq-admin',
      HOMEIQ_INFLUXDB_PASSWORD: await readSecret('influxdb-admin-password'),
    });
    assert.deepEqual(await assertRecovered(right), byStored);
    assert.equal(await startedAt(), startedBefore);
  });

  test("is taken from the configuration of the image's own command line", async t => {
    const { id } = await deployment.containerOf('influxdb');
    const working = await readSecret('influxdb-operator-token');
    await lose();
    const none = await homeiq(['--recover', 'cli']);
    assert.match(none.document.run?.error?.message ?? '', /has no configuration of its command line/);
    const file = join(deployment.folder, 'influx-configs');
    const text = (token: string) =>
      `[old]\n  url = "http://localhost:9999"\n  token = "${'x'.repeat(88)}"\n  org = ""\n\n[default]\n  url = "http://localhost:8086"\n  token = "${token}"\n  org = "homeiq-test"\n  active = true\n`;
    t.after(() => rm(file, { force: true }));
    await writeFile(file, text('not-known-to-this-server'));
    await docker(['cp', file, `${id}:/etc/influxdb2/influx-configs`]);
    const stale = await homeiq(['--recover', 'cli']);
    assert.match(stale.document.run?.error?.message ?? '', /No token in the configuration/);
    await writeFile(file, text(working));
    await docker(['cp', file, `${id}:/etc/influxdb2/influx-configs`]);
    await assertRecovered(await homeiq(['--recover', 'cli']));
    assert.equal(await readSecret('influxdb-operator-token'), working);
    const before = await readSecret('influxdb-operator-token-before');
    assert.notEqual(before, working);
  });

  test('is made anew offline: the server stops, starts again, and has all its data', async t => {
    await lose();
    const startedBefore = await startedAt();
    const watched = watchArguments();
    const answer = await homeiq(['--recover', 'offline']);
    const seen = [...watched.stop()];
    const counts = await assertRecovered(answer);
    assert.deepEqual(counts, { operators: 1, leftovers: 0, test: 1, production: 1 });
    assert.notEqual(await startedAt(), startedBefore);
    assert.equal(await readPoint(), '7');
    const commands = seen.filter(text => text.includes('recovery'));
    assert.ok(commands.length > 0);
    for (const secret of secrets) assert.ok(secret === '' || seen.every(text => !text.includes(secret)));
    t.diagnostic(`${seen.length} command lines seen, none with a secret`);
  });

  test('is in no argument of a process, and in no file but its own, whichever way it was made anew', t => {
    const all = [...secrets].filter(value => value !== '').map(value => ({ name: 'a secret', value }));
    const { commands, files, leaks } = watchedProgram.findLeaks(all, deployment.folder);
    assert.deepEqual(leaks, []);
    assert.ok(commands.some(command => command.includes('influxd recovery auth create-operator')));
    assert.ok(files.includes(join(deployment.folder, '.homeiq/secrets/influxdb-operator-token')));
    t.diagnostic(
      `${all.length} secrets, ${commands.length} processes started, ${files.length} files written`,
    );
  });

  test('is in no journal', async () => {
    const texts = readRunFiles(deployment.folder);
    assert.ok(texts.length > 5);
    for (const secret of secrets) assert.ok(secret === '' || texts.every(text => !text.includes(secret)));
  });
});
