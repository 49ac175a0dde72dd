/** Stop, start, history, attach and what was interrupted, on the real engine with few services. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { StepId } from '../../src/core/plan/plan.ts';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { runProgram } from '../helpers/program.ts';
import { startTestRegistry } from '../helpers/registry.ts';
import { endOf, finishedSteps, journalNames, readEvents, waitForStep } from '../helpers/run-events.ts';

const enter = '\r';
const controlC = '\x03';
const kept = ['influxdb', 'data-api', 'home-assistant-test'];

describe('stop, start, history and attach in a sandbox', { skip: skipWithoutSandbox('old') }, () => {
  let deployment: TestDeployment;
  let setup: readonly string[];
  const json = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await deployment.run([...args, '--json']);
    return { exitCode, stderr, stdout };
  };
  const history = async (): Promise<readonly { what: string; outcome: string; durationMs: number }[]> =>
    JSON.parse((await json('history')).stdout).runs;
  /** Kills the worker of `running` once it has begun `step`. */
  const killAt = async (
    step: StepId,
    running: ReturnType<TestDeployment['run']>,
    known: readonly string[],
  ) => {
    process.kill(await waitForStep(deployment.folder, step, known), 'SIGKILL');
    assert.equal((await running).exitCode, 1);
  };

  before(async () => {
    deployment = await createDeployment('old');
    const plan = await json('plan', '--mode', 'test', '--sandbox');
    const services: readonly { readonly name: string }[] = JSON.parse(plan.stdout).services;
    const without = services.map(({ name }) => name).filter(name => !kept.includes(name));
    setup = [
      'setup',
      '--mode',
      'test',
      '--sandbox',
      '--yes',
      ...without.flatMap(name => ['--without', name]),
    ];
    const { exitCode, stderr, stdout } = await deployment.run(setup);
    assert.equal(exitCode, 0, stderr + stdout);
  });
  after(() => deployment?.remove());

  it('nothing at work: attach ends with 4 and says how the last run ended', async () => {
    const { exitCode, stderr } = await deployment.run(['attach']);
    assert.equal(exitCode, 4);
    assert.match(stderr, /set-up of test.*done/);
  });

  it('stop keeps every volume, start brings the same containers back and changes no file', async t => {
    const [env, volumes, containers] = await Promise.all([
      deployment.read('.env'),
      deployment.volumes(),
      deployment.containers(),
    ]);
    assert.equal((await deployment.run(['stop', '--yes'])).exitCode, 0);
    assert.deepEqual(await deployment.volumes(), volumes);

    const startedMs = performance.now();
    const start = await json('start');
    t.diagnostic(`start: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    assert.equal(start.exitCode, 0, start.stderr + start.stdout);
    assert.deepEqual(
      (await deployment.containers()).map(({ id, state }) => `${id} ${state}`),
      containers.map(({ id }) => `${id} running`),
    );
    assert.equal(await deployment.read('.env'), env);

    const again = await json('start');
    assert.equal(again.exitCode, 0);
    assert.equal(endOf(readEvents(again.stdout)).changed, false);
    assert.deepEqual(finishedSteps(readEvents(again.stdout), true), []);
  });

  it('a start whose worker was killed is named, and homeiq continues it', async () => {
    assert.equal((await deployment.run(['stop', '--yes'])).exitCode, 0);
    const known = await journalNames(deployment.folder);
    await killAt('services', deployment.run(['start']), known);

    assert.equal((await history())[0]?.outcome, 'interrupted');
    const status = JSON.parse((await json('status')).stdout);
    assert.equal(status.interrupted.what, 'start of test');
    assert.equal(status.interrupted.step, 'Services');
    const plain = await deployment.run(['status', '--plain']);
    assert.match(plain.stdout, /Interrupted: start of test at Services[\s\S]*homeiq start/);

    const terminal = deployment.openTerminal(['--sandbox']);
    try {
      await terminal.waitForText('Interrupted: start of test', 30_000);
      assert.ok(terminal.has('Continue the start of test'), terminal.text());
      terminal.press(enter);
      await terminal.waitForText(/HomeIQ runs in TEST mode/, 120_000);
      terminal.press('q');
      assert.equal((await terminal.waitForExit()).exitCode, 0);
    } finally {
      await terminal.close();
    }
    assert.equal(JSON.parse((await json('status')).stdout).interrupted, undefined);
  });

  it('a second operator is told of the run, and may watch it without stopping it', async () => {
    assert.equal((await deployment.run(['stop', '--yes'])).exitCode, 0);
    const known = await journalNames(deployment.folder);
    const running = deployment.run(['start']);
    await waitForStep(deployment.folder, 'influxdb', known);
    const watching = deployment.openTerminal(['attach']);
    try {
      const second = await deployment.run(['start']);
      assert.equal(second.exitCode, 3, second.stdout);
      assert.match(second.stderr, /Another run[\s\S]*homeiq attach/);
      await watching.waitForText(/Services/, 30_000);
      watching.press(controlC);
      await watching.waitForExit();
    } finally {
      await watching.close();
    }
    assert.equal((await running).exitCode, 0);
  });

  it('a container of the other mode that was started by hand is named, with the mend', async () => {
    // Any program that stays: what a container carries tells its mode, not what runs in it.
    const image = deployment.environment.HOMEIQ_INFLUXDB_IMAGE ?? '';
    const label = (name: string, value: string) => ['--label', `com.docker.compose.${name}=${value}`];
    const stray = (
      await docker([
        ...['run', '-d', '-e', 'DEPLOYMENT_MODE=production'],
        ...label('project', deployment.project),
        ...label('service', 'data-api'),
        image,
      ])
    ).trim();
    try {
      const status = await json('status');
      assert.equal(status.exitCode, 1);
      const document = JSON.parse(status.stdout);
      assert.equal(document.healthy, false);
      assert.match(document.reasons.join(), /data-api runs in the wrong mode: production/);
      assert.match(document.mends.join(), /homeiq switch test/);
      const refused = await deployment.run(['start']);
      assert.equal(refused.exitCode, 3);
      assert.match(refused.stderr, /data-api runs in another mode than test/);
    } finally {
      await docker(['rm', '-f', stray]);
    }
  });

  it('a switch whose download fails says why, and leaves what runs, its settings and its data alone', async () => {
    assert.equal((await deployment.run(['start'])).exitCode, 0);
    const plan = await json('plan', '--mode', 'production', '--sandbox');
    const services: readonly { readonly name: string }[] = JSON.parse(plan.stdout).services;
    const [env, volumes, containers] = await Promise.all([
      deployment.read('.env'),
      deployment.volumes(),
      deployment.containers(),
    ]);
    const registry = await startTestRegistry({ refuseWith: 404 });
    try {
      const { exitCode, stdout, stderr } = await runProgram(
        [
          ...['switch', 'production', '--sandbox', '--yes'],
          ...services.flatMap(({ name }) => (kept.includes(name) ? [] : ['--without', name])),
        ],
        {
          folder: deployment.folder,
          environment: { ...deployment.environment, HOMEIQ_SET_HOMEIQ_INFLUXDB_IMAGE: registry.image },
          timeoutMs: 300_000,
        },
      );
      assert.equal(exitCode, 1, stderr + stdout);
      assert.match(stdout, /Step \d+ of \d+: Images/);
      assert.ok(stdout.includes(registry.image), stdout);
      assert.match(stdout, /does not (have|exist)|not (be )?found|has no/i, stdout);
      assert.ok(!stdout.includes('Going back'), stdout);
    } finally {
      await registry.close();
    }
    assert.deepEqual(await deployment.containers(), containers);
    assert.deepEqual(await deployment.volumes(), volumes);
    assert.equal(await deployment.read('.env'), env);
    assert.match((await history())[0]?.outcome ?? '', /failed/);
    assert.equal((await deployment.run(['status'])).exitCode, 0);
  });

  it('stop --delete-data deletes the named volume only, and refuses a name that there is not', async () => {
    const volumes = await deployment.volumes();
    const before = await deployment.containers();
    const wrong = await deployment.run(['stop', '--yes', '--delete-data', 'influx']);
    assert.equal(wrong.exitCode, 2);
    for (const name of volumes) assert.ok(wrong.stderr.includes(name), wrong.stderr);
    assert.deepEqual(await deployment.containers(), before);

    const named = volumes.find(name => name.includes('influxdb')) ?? '';
    const deleted = await deployment.run(['stop', '--yes', '--delete-data', named]);
    assert.equal(deleted.exitCode, 0, deleted.stderr);
    assert.match(deleted.stdout, new RegExp(`Lost for ever with ${named}:.*influxdb.*\\d+ points of test`));
    assert.deepEqual(
      (await deployment.volumes()).toSorted(),
      volumes.filter(name => name !== named).toSorted(),
    );
    const runs = await history();
    assert.equal(runs[0]?.what, `stop, deleting ${named}`);
    assert.ok(runs.every(({ durationMs }) => durationMs >= 0));
  });
});
