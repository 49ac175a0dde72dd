/** Switches that meet a fault, on the real engine: what is said, what stays, and that the next run ends right. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { ErrorReport } from '../../src/core/error.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import type { RunEvent } from '../../src/core/run/journal-event.ts';
import { type Bystanders, createBystanders } from '../helpers/bystanders.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { isRunning } from '../helpers/processes.ts';
import { runProgram } from '../helpers/program.ts';
import {
  endOf,
  journalNames,
  readEvents,
  readNewestRun,
  stepTimes,
  waitForStep,
} from '../helpers/run-events.ts';
import { changedSecrets, readSecretsOfBothModes, type Secret } from '../helpers/secrets.ts';
import {
  assertRuns,
  createSmallSandbox,
  lookAtNeutral,
  lookAtVolumes,
  watchModes,
} from '../helpers/small-sandbox.ts';
import { createSocketGate } from '../helpers/socket-gate.ts';
import { until } from '../helpers/until.ts';

const enter = '\r';
const faultKey = 'HOMEIQ_SET_SANDBOX_DATA_RETENTION_FAULT';

/** The error of the step that failed first. */
function failureOf(events: readonly RunEvent[]): ErrorReport & { readonly step: string } {
  const failure = events.find(event => event.kind === 'step-failed');
  assert.ok(failure?.kind === 'step-failed', JSON.stringify(events.at(-1)));
  return { ...failure.error, step: failure.step };
}

describe('a switch that meets a fault', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;
  let bystanders: Bystanders;
  let secrets: readonly Secret[];
  let volumes: readonly string[];
  let neutralSeen: readonly string[];

  const run = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runProgram([...args, '--yes', '--json'], {
      folder: deployment.folder,
      environment: { ...deployment.environment, [faultKey]: '', ...more },
      timeoutMs: 300_000,
    });

  /** Whatever happened: the modes never together, nothing lost, nobody else touched. */
  const watched = async <Result>(t: TestContext, act: () => Promise<Result>): Promise<Result> => {
    const modes = watchModes(deployment.project);
    const startedMs = performance.now();
    const result = await act().finally(async () => {
      const looks = await modes.stop();
      t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s, ${looks} looks at the modes`);
    });
    await bystanders.assertUntouched();
    assert.deepEqual(changedSecrets(secrets, readSecretsOfBothModes(deployment.folder)), []);
    const now = await lookAtVolumes(deployment);
    assert.deepEqual(
      volumes.filter(volume => !now.includes(volume)),
      [],
    );
    return result;
  };

  const assertIn = async (mode: Mode): Promise<void> => {
    assert.deepEqual(lookAtNeutral(await assertRuns(deployment, mode)), neutralSeen);
  };

  const switchTo = async (mode: Mode, t: TestContext): Promise<void> => {
    const { exitCode, stdout, stderr } = await run(['switch', mode]);
    assert.equal(exitCode, 0, stderr + stdout.slice(-3000));
    t.diagnostic(`to ${mode}: ${stepTimes(readEvents(stdout))}`);
    await assertIn(mode);
  };

  /** As an operator types it. With the older Compose the same is asked of a whole sandbox. */
  const assertBareUpChangesNothing = async (): Promise<void> => {
    const before = await deployment.containers();
    await deployment.compose('up', '-d');
    assert.deepEqual(await deployment.containers(), before);
  };

  before(async () => {
    bystanders = await createBystanders();
    deployment = await createSmallSandbox('new');
    const { exitCode, stdout, stderr } = await run(['setup', '--mode', 'test', '--sandbox']);
    assert.equal(exitCode, 0, stderr + stdout.slice(-3000));
    // Both modes have been there once: their volumes exist.
    for (const mode of ['production', 'test']) {
      const there = await run(['switch', mode]);
      assert.equal(there.exitCode, 0, there.stderr + there.stdout.slice(-3000));
    }
    secrets = readSecretsOfBothModes(deployment.folder);
    volumes = await lookAtVolumes(deployment);
    neutralSeen = lookAtNeutral(await assertRuns(deployment, 'test'));
  });
  after(async () => {
    await deployment?.remove();
    await bystanders?.remove();
  });
  // The stand-in of data-retention: nothing waits for it, so that its own state is what is seen.
  for (const { fault, says, tail } of [
    {
      fault: 'exit-at-once',
      says: /^data-retention is exited \(exit code 1\); 4 of 5 services are up\./,
      tail: /exit-at-once: ending/,
    },
    {
      fault: 'memory-hog',
      says: /^data-retention is exited \(exit code 137, killed for memory\)/,
      tail: /./,
    },
    { fault: 'never-healthy', says: /^data-retention is unhealthy; 4 of 5 services are up\./, tail: /./ },
  ]) {
    it(`${fault}: named with its reason and log; goes back, or stays when told so, and is mended by the next run`, async t => {
      // The ninety seconds that a service has to start are long for a test: an operator may shorten them like this. One
      // that ends by itself keeps them: it may need longer for its end than for two bad answers.
      if (fault === 'never-healthy') {
        await writeFile(
          join(deployment.folder, 'compose.override.yaml'),
          'services:\n  data-retention:\n    healthcheck:\n      start_period: 1s\n      retries: 2\n',
        );
      }
      await watched(t, async () => {
        const back = await run(['switch', 'production'], { [faultKey]: fault });
        const events = readEvents(back.stdout);
        const failure = failureOf(events);
        t.diagnostic(`${failure.message} ${failure.tail}`);
        assert.equal(back.exitCode, 1, back.stderr);
        assert.equal(failure.step, 'services');
        assert.match(failure.message, says);
        assert.match(failure.tail ?? '', tail);
        assert.match(failure.nextSteps.join('\n'), /docker compose logs data-retention/);
        assert.equal(endOf(events).outcome, 'rolled-back');
        await assertIn('test');
      });
      await watched(t, async () => {
        const stayed = await run(['switch', 'production', '--on-failure', 'stay'], { [faultKey]: fault });
        const events = readEvents(stayed.stdout);
        assert.equal(stayed.exitCode, 1);
        assert.match(failureOf(events).message, says);
        assert.equal(endOf(events).outcome, 'failed');
        const services = (await deployment.containers()).map(({ service }) => service);
        assert.ok(!services.includes('home-assistant-test'), services.join());
        assert.match(await deployment.read('.env'), /^DEPLOYMENT_MODE=production$/m);
        await switchTo('production', t);
        await switchTo('test', t);
      });
    });
  }
  it('goes on when the terminal is closed in the middle, and homeiq comes back to it', async t => {
    await watched(t, async () => {
      const known = await journalNames(deployment.folder);
      const first = deployment.openTerminal([], { columns: 120, rows: 40 });
      let worker: number;
      try {
        await first.waitForText('4/4 healthy', 60_000);
        first.press('m');
        await first.waitForText('Enter switches TEST', 60_000);
        first.press(enter);
        worker = await waitForStep(deployment.folder, 'leave', known);
        first.hangUp();
        await until(() => !isRunning(first.pid), { timeoutMs: 10_000 });
        assert.ok(isRunning(worker), 'the worker ended with the terminal');
      } finally {
        await first.close();
      }
      const second = deployment.openTerminal([], { columns: 120, rows: 40 });
      try {
        await second.waitForText('HomeIQ runs in PRODUCTION mode', 120_000);
        second.press('q');
        assert.equal((await second.waitForExit()).exitCode, 0);
      } finally {
        await second.close();
      }
      const events = await readNewestRun(deployment.folder);
      assert.equal(endOf(events).outcome, 'done');
      assert.equal((await journalNames(deployment.folder)).length, known.length + 1);
      await assertIn('production');
      await switchTo('test', t);
    });
  });

  it('of two switches at once one is told of the other, and the other does all', async t => {
    await watched(t, async () => {
      const both = await Promise.all([run(['switch', 'production']), run(['switch', 'production'])]);
      const [done, refused] = both.toSorted((a, b) => (a.exitCode ?? 0) - (b.exitCode ?? 0));
      assert.equal(done?.exitCode, 0, done?.stderr);
      assert.equal(refused?.exitCode, 3, refused?.stderr);
      assert.match(refused?.stderr ?? '', /Another run \(.*, process \d+\)[\s\S]*homeiq attach/);
      await assertIn('production');
      await assertBareUpChangesNothing();
      await switchTo('test', t);
      await assertBareUpChangesNothing();
    });
  });

  it('a port taken after the plan: named with its holder, gone back, and mended by the next run', async t => {
    const port = deployment.portOf('data-retention');
    const holder = createServer();
    t.after(() => void holder.close());
    await watched(t, async () => {
      const known = await journalNames(deployment.folder);
      const running = run(['switch', 'production']);
      await waitForStep(deployment.folder, 'leave', known);
      await new Promise<void>(resolve => holder.listen(port, '127.0.0.1', resolve));
      const { exitCode, stdout } = await running;
      const events = readEvents(stdout);
      const failure = failureOf(events);
      t.diagnostic(`${failure.message} ${failure.hint} ${failure.nextSteps.join(' | ')}`);
      assert.equal(exitCode, 1);
      assert.equal(failure.step, 'services');
      assert.match(failure.message, new RegExp(`Port ${port} .*data-retention`));
      assert.match(failure.message, new RegExp(`pid ${process.pid}`));
      assert.equal(endOf(events).outcome, 'rolled-back');
      await assertIn('test');
    });
    await watched(t, async () => {
      // Now it is seen before: nothing is touched as long as the port is taken.
      const before = await deployment.containers();
      const refused = await run(['switch', 'production']);
      assert.equal(refused.exitCode, 3, refused.stderr);
      assert.match(
        refused.stderr,
        new RegExp(`Port ${port} of data-retention is used by .*pid ${process.pid}`),
      );
      assert.deepEqual(await deployment.containers(), before);
      await new Promise(resolve => holder.close(resolve));
      await switchTo('production', t);
      await switchTo('test', t);
    });
  });

  it('an engine that goes away in the middle: said so, nothing lost, and the next run continues', async t => {
    const gate = await createSocketGate('/var/run/docker.sock');
    t.after(() => gate.remove());
    await gate.open();
    const through = { DOCKER_HOST: `unix://${gate.path}` };
    await watched(t, async () => {
      const known = await journalNames(deployment.folder);
      const running = run(['switch', 'production'], through);
      await waitForStep(deployment.folder, 'services', known);
      await gate.close();
      const { exitCode, stdout } = await running;
      const events = readEvents(stdout);
      const failure = failureOf(events);
      t.diagnostic(`${failure.message}. ${failure.nextSteps.join(' | ')}`);
      assert.equal(exitCode, 1);
      assert.equal(failure.message, 'The Docker Engine is not running');
      assert.match(failure.nextSteps.join(), /Start /);
      // The way back needs the engine too.
      assert.equal(endOf(events).outcome, 'failed');

      await gate.open();
      const next = await run(['switch', 'production'], through);
      assert.equal(next.exitCode, 0, next.stderr + next.stdout.slice(-3000));
      await assertIn('production');
      await switchTo('test', t);
    });
  });
});
