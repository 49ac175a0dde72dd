/** The Docker Engine itself is killed and started again: in the middle of a switch, and while the status screen watches. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bystanders, createBystanders } from '../helpers/bystanders.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { skipWithoutOwnEngine } from '../helpers/own-engine.ts';
import { launcher, runProgram } from '../helpers/program.ts';
import { startInPty } from '../helpers/pty.ts';
import { createRestartableEngine, type RestartableEngine } from '../helpers/restartable-engine.ts';
import { endOf, journalNames, readEvents, waitForStep } from '../helpers/run-events.ts';
import { assertRuns, createSmallSandbox, lookAtVolumes, watchModes } from '../helpers/small-sandbox.ts';

describe('an engine that is killed and started again', {
  skip: skipWithoutSandbox('new') || skipWithoutOwnEngine(),
}, () => {
  const { DOCKER_HOST: hostBefore } = process.env;
  let engine: RestartableEngine;
  let deployment: TestDeployment;
  let bystanders: Bystanders;
  let volumes: readonly string[];

  const run = (...args: readonly string[]) =>
    runProgram([...args, '--yes', '--json'], {
      folder: deployment.folder,
      environment: deployment.environment,
      timeoutMs: 300_000,
      command: [...engine.inNetwork, launcher],
    });
  const succeed = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stdout, stderr } = await run(...args);
    assert.equal(exitCode, 0, stderr + stdout.slice(-3000));
    assert.equal(endOf(readEvents(stdout)).outcome, 'done');
  };

  before(async () => {
    engine = await createRestartableEngine();
    await engine.start();
    await engine.load([process.env.HOMEIQ_TEST_INFLUXDB_IMAGE ?? '']);
    // What the tests themselves ask Docker is asked there too.
    process.env.DOCKER_HOST = engine.address;
    bystanders = await createBystanders();
    deployment = await createSmallSandbox('new', { DOCKER_HOST: engine.address });
    await succeed('setup', '--mode', 'test', '--sandbox');
    await succeed('switch', 'production');
    await succeed('switch', 'test');
    volumes = await lookAtVolumes(deployment);
  });
  after(async () => {
    await engine?.dispose();
    if (hostBefore === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = hostBefore;
    // What it had on the engine went with that one.
    await deployment?.remove();
  });

  for (const { step, comesBack } of [
    { step: 'leave', comesBack: 'at once' },
    { step: 'services', comesBack: 'after the run' },
  ] as const) {
    it(`killed in the step ${step} of a switch, back ${comesBack}: said so, and the next switch ends right`, async t => {
      const modes = watchModes(deployment.project);
      const known = await journalNames(deployment.folder);
      const running = run('switch', 'production');
      await waitForStep(deployment.folder, step, known);
      await engine.kill();
      if (comesBack === 'at once') await engine.start();
      const { exitCode, stdout } = await running;
      if (comesBack === 'after the run') await engine.start();
      const events = readEvents(stdout);
      const { outcome } = endOf(events);
      t.diagnostic(`exit ${exitCode}, ${outcome}`);
      if (comesBack === 'after the run') assert.equal(outcome, 'failed');
      // Back soon enough, the run may have gone back, or not even have missed it.
      if (outcome !== 'done') {
        assert.equal(exitCode, 1);
        const failure = events.find(event => event.kind === 'step-failed');
        assert.ok(failure?.kind === 'step-failed');
        assert.equal(failure.error.message, 'The Docker Engine is not running');
        assert.match(failure.error.nextSteps.join(), /Start /);
      }

      await bystanders.startAgain();
      await succeed('switch', 'production');
      await modes.stop();
      await assertRuns(deployment, 'production');
      assert.deepEqual(await lookAtVolumes(deployment), volumes);
      await succeed('switch', 'test');
      await assertRuns(deployment, 'test');
      await bystanders.assertUntouched();
    });
  }

  it('while the status screen watches: the last frame stays and is marked, then it is fresh again', async () => {
    const [file, ...leading] = engine.inNetwork;
    const screen = startInPty(file, [...leading, launcher], {
      folder: deployment.folder,
      environment: deployment.environment,
    });
    try {
      await screen.waitForText('4/4 healthy', 60_000);
      await engine.stop();
      await screen.waitForText(/No answer from Docker since/, 30_000);
      // It may have told how its containers end before it went itself.
      assert.ok(screen.has(/influxdb +(healthy|exited|stopped)/), screen.text());
      await engine.start();
      await screen.waitForText('4/4 healthy', 120_000);
      assert.ok(!screen.has(/does not answer|No answer/), screen.text());
      screen.press('q');
      assert.equal((await screen.waitForExit()).exitCode, 0);
    } finally {
      await screen.close();
    }
  });
});
