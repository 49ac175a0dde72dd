/** A switch whose deployment folder has no room left, on a small disk of its own. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Bystanders, createBystanders } from '../helpers/bystanders.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { endOf, journalNames, readEvents, waitForStep } from '../helpers/run-events.ts';
import { changedSecrets, readSecrets } from '../helpers/secrets.ts';
import { mountSmallDisk, type SmallDisk, skipWithoutSmallDisk } from '../helpers/small-disk.ts';
import { assertRuns, createSmallSandbox, lookAtNeutral, watchModes } from '../helpers/small-sandbox.ts';

const skip = skipWithoutSmallDisk() || skipWithoutSandbox('new');

describe('a switch on a full disk', { skip }, () => {
  let deployment: TestDeployment;
  let disk: SmallDisk;
  let bystanders: Bystanders;
  const run = (...args: readonly string[]) => deployment.run([...args, '--yes', '--json']);

  before(async () => {
    bystanders = await createBystanders();
    deployment = await createSmallSandbox('new');
    disk = mountSmallDisk(deployment.folder);
    const { exitCode, stdout, stderr } = await run('setup', '--mode', 'test', '--sandbox');
    assert.equal(exitCode, 0, stderr + stdout.slice(-3000));
  });
  after(async () => {
    disk?.dispose();
    await deployment?.remove();
    await bystanders?.remove();
  });

  it('full before: refused with the folder named, and nothing is touched', async () => {
    const before = await deployment.containers();
    const env = await deployment.read('.env');
    disk.fill();
    const { exitCode, stderr } = await run('switch', 'production');
    disk.free();
    assert.equal(exitCode, 1, stderr);
    assert.match(stderr, /The disk is full: .*0 KiB left|Only 0.0 GB of disk are free/);
    assert.ok(stderr.includes(deployment.folder), stderr);
    assert.equal(await deployment.read('.env'), env);
    assert.deepEqual(await deployment.containers(), before);
  });

  it('full while the settings are written: named, .env as it was, gone back, and mended by the next run', async t => {
    const seen = lookAtNeutral(await assertRuns(deployment, 'test'));
    const env = await deployment.read('.env');
    const secrets = readSecrets(deployment.folder, 'test');
    const modes = watchModes(deployment.project);
    const known = await journalNames(deployment.folder);
    const running = run('switch', 'production');
    await waitForStep(deployment.folder, 'leave', known);
    disk.fill();
    const { exitCode, stdout, stderr } = await running;
    const events = readEvents(stdout);
    const failure = events.find(event => event.kind === 'step-failed');
    assert.ok(failure?.kind === 'step-failed', stderr + stdout.slice(-2000));
    t.diagnostic(`${failure.step}: ${failure.error.message}. ${failure.error.hint}`);
    assert.equal(failure.step, 'settings');
    assert.match(failure.error.message, /^The disk is full: /);
    assert.ok(failure.error.message.includes(deployment.folder), failure.error.message);
    assert.match(failure.error.nextSteps.join(), /run the same command again/);
    assert.equal(exitCode, 1);
    assert.equal(endOf(events).outcome, 'rolled-back');
    assert.equal(await deployment.read('.env'), env);
    assert.deepEqual(changedSecrets(secrets, readSecrets(deployment.folder, 'test')), []);
    assert.deepEqual(lookAtNeutral(await assertRuns(deployment, 'test')), seen);

    disk.free();
    for (const mode of ['production', 'test'] as const) {
      const next = await run('switch', mode);
      assert.equal(next.exitCode, 0, next.stderr + next.stdout.slice(-2000));
      assert.deepEqual(lookAtNeutral(await assertRuns(deployment, mode)), seen);
    }
    await modes.stop();
    await bystanders.assertUntouched();
  });
});
