/** `homeiq plan` on a machine without an engine and without Compose. */

import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { describeTree } from '../helpers/folder-snapshot.ts';
import { type Machine, startMachine } from '../helpers/machine.ts';
import { type Command, provideBundle, runProgram } from '../helpers/program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

type PlannedService = {
  readonly name: string;
  readonly group: string;
  readonly start: boolean;
  readonly reason?: string;
  readonly expectedMiB: number;
  readonly limitMiB: number;
};
type PlanDocument = {
  readonly mode: string;
  readonly services: readonly PlannedService[];
  readonly memory: Readonly<Record<string, number | string>>;
  readonly notes: readonly string[];
  readonly steps: readonly { readonly id: string; readonly title: string; readonly done: boolean }[];
};

describe('plan without an engine and without Compose', () => {
  let command: Command;
  let remove: () => Promise<void>;
  let machine: Machine;
  before(async () => {
    ({ command, remove } = await provideBundle('plan'));
    machine = await startMachine({ compose: 'none' });
  });
  after(async () => {
    await machine.close();
    await remove();
  });

  const plan = async (t: TestContext, ...args: readonly string[]) => {
    const folder = temporaryFolder(t);
    const before = describeTree(folder);
    const done = await runProgram(['plan', ...args], {
      folder,
      environment: { ...machine.environment, DOCKER_HOST: 'unix:///nowhere/docker.sock' },
      command,
    });
    assert.deepEqual(describeTree(folder), before);
    assert.equal(done.stderr, '');
    return { ...done, folder };
  };
  const planDocument = async (t: TestContext, ...args: readonly string[]): Promise<PlanDocument> => {
    const { stdout } = await plan(t, ...args, '--json');
    assert.equal(stdout.trimEnd().split('\n').length, 1);
    return JSON.parse(stdout);
  };

  for (const [mode, count, totalMiB] of [
    ['test', 16, 5120],
    ['production', 22, 5632],
  ] as const) {
    it(`lists the ${count} services of ${mode} mode and their ${totalMiB} MiB`, async t => {
      const found = await planDocument(t, '--mode', mode, '--memory-budget', '8192');
      assert.equal(found.mode, mode);
      assert.equal(found.services.length, count);
      for (const service of found.services) {
        assert.equal(typeof service.name, 'string');
        assert.equal(typeof service.group, 'string');
        assert.ok(service.expectedMiB > 0 && service.limitMiB >= service.expectedMiB, service.name);
        assert.equal(service.reason === undefined, service.start, service.name);
      }
      const expectedMiB = (services: readonly PlannedService[]) =>
        services.reduce((sum, service) => sum + service.expectedMiB, 0);
      const { memory } = found;
      assert.equal(memory.totalMiB, totalMiB);
      assert.equal(memory.totalMiB, expectedMiB(found.services));
      assert.equal(memory.startMiB, expectedMiB(found.services.filter(({ start }) => start)));
      assert.equal(memory.budgetMiB, 8192);
      assert.equal(memory.headroomMiB, 8192 - 1024 - Number(memory.startMiB));
      assert.equal(memory.verdict, 'fits');
      assert.ok(found.steps.length > 3 && found.steps.every(({ done }) => !done));
    });
  }

  it('names the key that a service of production lacks', async t => {
    const found = await planDocument(t, '--mode', 'production');
    const weather = found.services.find(({ name }) => name === 'weather-api');
    assert.equal(weather?.start, false);
    assert.match(weather?.reason ?? '', /WEATHER_API_KEY/);
    assert.match(
      found.notes[0] ?? '',
      /^Home Assistant's address and token are not given\. .*left out: .*websocket-ingestion/,
    );
  });

  it('tells how many keys of a new .env there are and names those that are not as in the template', async t => {
    const environment = { ...machine.environment, HOMEIQ_SET_LOG_LEVEL: 'INFO' };
    const run = (...more: readonly string[]) =>
      runProgram(['plan', '--mode', 'test', ...more], { folder: temporaryFolder(t), environment, command });
    const { changedKeys } = JSON.parse((await run('--json')).stdout);
    const lines = (await run()).stdout.split('\n');
    const at = lines.findIndex(line => line.startsWith('Settings: '));
    const said =
      /^Settings: (?<all>\d+) keys of \.env change, (?<same>\d+) of them .*; the others are (?<others>.*)$/;
    const { all, same, others = '' } = said.exec(lines[at] ?? '')?.groups ?? {};
    assert.equal(Number(all), changedKeys.length);
    const named = others.split(', ');
    assert.equal(Number(same) + named.length, changedKeys.length);
    // Made here, and given although it is the template's value.
    for (const key of ['JWT_SECRET_KEY', 'API_KEY', 'LOG_LEVEL']) assert.ok(named.includes(key), others);
    for (const key of ['DEPLOYMENT_MODE', 'LOG_FORMAT', 'HOMEIQ_DATA_API_HOST_PORT']) {
      assert.ok(changedKeys.includes(key) && !named.includes(key), key);
    }
    assert.match(lines[at + 1] ?? '', /^ {2}All of them: .*--json.*homeiq env diff --mode test$/);
  });

  it('leaves out what it is told to, without changing the total', async t => {
    const found = await planDocument(t, '--mode', 'test', '--without', 'ner-service');
    assert.match(found.services.find(({ name }) => name === 'ner-service')?.reason ?? '', /left out by you/);
    assert.equal(found.memory.totalMiB, 5120);
    assert.equal(found.memory.startMiB, 5120 - 384);
  });

  it('refuses what does not fit, and says what to leave out', async t => {
    const { exitCode, stdout } = await plan(t, '--mode', 'test', '--memory-budget', '4096');
    assert.equal(exitCode, 3);
    assert.match(stdout, /DOES NOT FIT/);
    assert.match(stdout, /Leave out openvino-service: saves 512 MB/);
  });

  it('refuses a setting that a set-up refuses', async t => {
    const { exitCode, stdout, stderr } = await runProgram(['plan', '--mode', 'test'], {
      folder: temporaryFolder(t),
      environment: { ...machine.environment, HOMEIQ_SET_INFLUXDB_RETENTION: '7x' },
      command,
    });
    assert.deepEqual([exitCode, stdout], [1, '']);
    assert.match(stderr, /INFLUXDB_RETENTION: /);
  });

  it('version and usage are documents too', async t => {
    const ask = async (option: string) => {
      const { exitCode, stdout } = await runProgram([option, '--json'], {
        folder: temporaryFolder(t),
        command,
      });
      assert.equal(exitCode, 0);
      return JSON.parse(stdout);
    };
    assert.match((await ask('--version')).version, /^\d+\.\d+\.\d+$/);
    assert.match((await ask('--help')).usage, /homeiq/);
  });

  it('ends with 0 and says that nothing was changed', async t => {
    const { exitCode, stdout, folder } = await plan(t, '--mode', 'test', '--memory-budget', '8192');
    assert.equal(exitCode, 0);
    assert.match(stdout, /Nothing was changed/);
    assert.ok(stdout.includes(folder));
  });
});
