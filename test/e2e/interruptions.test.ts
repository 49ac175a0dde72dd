/** What happens to a run when its terminal goes away, when the operator stops it, and when its worker is killed. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { isRunning } from '../helpers/processes.ts';
import {
  endOf,
  finishedSteps,
  journalNames,
  readEvents,
  readNewestRun,
  waitForStep,
} from '../helpers/run-events.ts';
import { changedSecrets, readSecrets, type Secret } from '../helpers/secrets.ts';
import { until } from '../helpers/until.ts';

const enter = '\r';
const controlC = '\x03';
const setup = ['setup', '--mode', 'test', '--sandbox', '--yes', '--json'];

describe('an interrupted set-up in a sandbox', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;
  let secrets: readonly Secret[];

  /** The worker's pid once the run of `running` has begun its services; fails when that run ends before. */
  const waitForServices = async (
    running: ReturnType<TestDeployment['run']>,
    known: readonly string[],
  ): Promise<number> =>
    Promise.race([
      waitForStep(deployment.folder, 'services', known),
      running.then(({ stdout, stderr }) => assert.fail(`it ended: ${stderr}${stdout.slice(-2000)}`)),
    ]);
  const areAllHealthy = async (): Promise<boolean> => {
    const containers = await deployment.containers();
    return containers.length === 16 && containers.every(({ health }) => health === 'healthy');
  };

  before(async () => {
    deployment = await createDeployment('new');
  });
  after(() => deployment?.remove());

  it('goes on when the terminal is closed, and homeiq comes back to it', async () => {
    const first = deployment.openTerminal(['--sandbox']);
    try {
      await first.waitForText('Ready. Everything', 60_000);
      first.press(enter);
      for (const step of [2, 3, 4, 5]) {
        await first.waitForText(`step ${step} of 6`);
        await first.until(() => !first.has('...'), 30_000);
        first.press(enter);
      }
      const worker = await waitForStep(deployment.folder, 'influxdb');
      first.hangUp();
      await until(() => !isRunning(first.pid), { timeoutMs: 10_000 });
      assert.ok(isRunning(worker), 'the worker ended with the terminal');
    } finally {
      await first.close();
    }

    const second = deployment.openTerminal(['--sandbox']);
    try {
      await second.waitForText('the work goes on', 30_000);
      second.press(controlC);
      await second.waitForText('in a process of its own');
      second.press('\x1b');
      await second.waitForText('16 of 16 services up', 180_000);
      second.press('q');
      assert.equal((await second.waitForExit()).exitCode, 0);
    } finally {
      await second.close();
    }
    assert.equal((await journalNames(deployment.folder)).length, 1);
    assert.ok(await areAllHealthy());
    secrets = readSecrets(deployment.folder, 'test');
  });

  it('goes on when a command that follows it is interrupted, and stops when Ctrl+C is answered so', async () => {
    await docker(['rm', '-f', ...(await deployment.containers()).map(({ id }) => id)]);
    const known = await journalNames(deployment.folder);
    const command = deployment.openTerminal(['setup', '--mode', 'test', '--sandbox', '--yes']);
    try {
      await waitForStep(deployment.folder, 'home-assistant', known);
      command.press(controlC);
      await command.waitForText(/The run goes on[\s\S]*stop it: homeiq --dir/);
      assert.equal((await command.waitForExit()).exitCode, 130);
    } finally {
      await command.close();
    }

    const worker = await waitForStep(deployment.folder, 'services', known);
    const terminal = deployment.openTerminal(['--sandbox']);
    try {
      await terminal.waitForText('the work goes on', 30_000);
      assert.ok(isRunning(worker));
      terminal.press(controlC);
      await terminal.waitForText('in a process of its own');
      terminal.press('2');
      terminal.press(enter);
      await terminal.waitForText(/stopped/i, 30_000);
      assert.ok(terminal.has(/InfluxDB ready/), terminal.text());
      terminal.press('q');
      assert.equal((await terminal.waitForExit()).exitCode, 130);
    } finally {
      await terminal.close();
    }
    const events = await readNewestRun(deployment.folder);
    assert.equal(endOf(events).outcome, 'stopped');
    assert.deepEqual(finishedSteps(events, true), ['influxdb', 'home-assistant']);
    assert.deepEqual(changedSecrets(secrets, readSecrets(deployment.folder, 'test')), []);
  });

  it('says so when the worker is killed, and the next set-up continues to the end', async () => {
    const known = await journalNames(deployment.folder);
    const running = deployment.run(setup);
    process.kill(await waitForServices(running, known), 'SIGKILL');
    const killed = await running;
    assert.equal(killed.exitCode, 1);
    assert.match(killed.stderr, /ended without a word[\s\S]*continues/);

    const again = await deployment.run(setup);
    assert.equal(again.exitCode, 0, again.stderr + again.stdout);
    assert.equal(endOf(await readNewestRun(deployment.folder)).outcome, 'done');
    assert.deepEqual(finishedSteps(readEvents(again.stdout), false).slice(0, 6), [
      'settings',
      'images',
      'audit',
      'influxdb',
      'buckets',
      'home-assistant',
    ]);
    assert.ok(await areAllHealthy());
    assert.deepEqual(changedSecrets(secrets, readSecrets(deployment.folder, 'test')), []);
  });
});
