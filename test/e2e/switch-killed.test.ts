/** A switch whose worker is killed around each step's action, on the real engine: the same command goes on to the right end. */

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bundle, root } from '../../scripts/lib/bundle.mjs';
import { switchSteps } from '../../src/app/worker/steps.ts';
import { type Mode, otherMode } from '../../src/core/mode/mode.ts';
import type { StepId } from '../../src/core/plan/plan.ts';
import { type Bystanders, createBystanders } from '../helpers/bystanders.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { runProgram } from '../helpers/program.ts';
import { endOf, journalNames, readNewestRun } from '../helpers/run-events.ts';
import { changedSecrets, readSecretsOfBothModes, type Secret } from '../helpers/secrets.ts';
import {
  assertRuns,
  createSmallSandbox,
  lookAtNeutral,
  lookAtVolumes,
  watchModes,
} from '../helpers/small-sandbox.ts';

const points = ['before-action', 'before-verification', 'after-verification'] as const;
type Death = { readonly step: StepId; readonly point: (typeof points)[number] };

/** With the soaks every point of every step; else one of each step, each time another one. */
function listDeaths(): readonly Death[] {
  const isLong = process.env.HOMEIQ_TEST_LONG === 'true';
  return switchSteps('test').flatMap((step, index) =>
    points.flatMap((point, number) => (isLong || index % points.length === number ? [{ step, point }] : [])),
  );
}

/** To production and back again and again; a step that only one mode has waits for the switch to that mode. */
function schedule(deaths: readonly Death[]): readonly { readonly mode: Mode; readonly death?: Death }[] {
  const isOfBoth = ({ step }: Death): boolean => switchSteps('production').includes(step);
  const open = [...deaths.filter(death => !isOfBoth(death)), ...deaths.filter(isOfBoth)];
  const switches: { readonly mode: Mode; readonly death?: Death }[] = [];
  for (let mode: Mode = 'production'; open.length > 0; mode = otherMode(mode)) {
    const at = open.findIndex(({ step }) => switchSteps(mode).includes(step));
    const [death] = at === -1 ? [] : open.splice(at, 1);
    switches.push(death === undefined ? { mode } : { mode, death });
  }
  return switches;
}

describe('a switch whose worker is killed', { skip: skipWithoutSandbox('new') }, () => {
  const outputFolder = join(root, 'dist', 'test', `dying-${process.pid}`);
  let deployment: TestDeployment;
  let bystanders: Bystanders;
  let secrets: readonly Secret[];
  let volumes: readonly string[];
  let neutralSeen: readonly string[];
  let killed = 0;

  const succeed = async (...args: readonly string[]): Promise<void> => {
    const { exitCode, stdout, stderr } = await deployment.run([...args, '--yes']);
    assert.equal(exitCode, 0, stderr + stdout.slice(-3000));
  };

  const switchWith = (mode: Mode, fault: Readonly<Record<string, string>>) =>
    runProgram(['switch', mode, '--yes', '--json'], {
      folder: deployment.folder,
      environment: { ...deployment.environment, ...fault },
      timeoutMs: 120_000,
      command: [process.execPath, join(outputFolder, 'dying.js')],
    });

  before(async () => {
    await bundle({ entries: { dying: 'test/fixtures/dying-homeiq.ts' }, outputFolder });
    bystanders = await createBystanders();
    deployment = await createSmallSandbox('new');
    await succeed('setup', '--mode', 'test', '--sandbox');
    await succeed('switch', 'production');
    await succeed('switch', 'test');
    secrets = readSecretsOfBothModes(deployment.folder);
    volumes = await lookAtVolumes(deployment);
    neutralSeen = lookAtNeutral(await assertRuns(deployment, 'test'));
  });
  after(async () => {
    await deployment?.remove();
    await bystanders?.remove();
    await rm(outputFolder, { recursive: true, force: true });
  });

  for (const { mode, death } of schedule(listDeaths())) {
    const name = death === undefined ? 'not at all' : `${death.point} of ${death.step}`;
    it(`${name}, on the way to ${mode}`, async () => {
      const modes = watchModes(deployment.project);
      if (death !== undefined) {
        const { exitCode, stderr } = await switchWith(mode, {
          HOMEIQ_TEST_DIE_AT: `${death.step}:${death.point}`,
        });
        assert.match(stderr, /ended without a word[\s\S]*continues/);
        assert.equal(exitCode, 1);
        const last = (await readNewestRun(deployment.folder)).at(-1);
        assert.ok(last !== undefined && last.kind !== 'run-finished', JSON.stringify(last));
        killed += 1;
      }
      await succeed('switch', mode);
      await modes.stop();
      assert.equal(endOf(await readNewestRun(deployment.folder)).outcome, 'done');
      assert.deepEqual(lookAtNeutral(await assertRuns(deployment, mode)), neutralSeen);
      assert.deepEqual(changedSecrets(secrets, readSecretsOfBothModes(deployment.folder)), []);
      const now = await lookAtVolumes(deployment);
      assert.deepEqual(
        volumes.filter(volume => !now.includes(volume)),
        [],
      );
      await bystanders.assertUntouched();
    });
  }

  it('its clock set back by a day in the middle: it ends right, and is still the newest run', async () => {
    const mode = otherMode(
      (await deployment.read('.env')).includes('DEPLOYMENT_MODE=test') ? 'test' : 'production',
    );
    const modes = watchModes(deployment.project);
    const known = await journalNames(deployment.folder);
    const back = await switchWith(mode, { HOMEIQ_TEST_CLOCK_BACK_AT: 'services:before-action' });
    assert.equal(back.exitCode, 0, back.stderr + back.stdout.slice(-3000));
    await modes.stop();
    const events = await readNewestRun(deployment.folder);
    assert.equal(endOf(events).outcome, 'done');
    const times = events.map(({ at }) => Date.parse(at));
    assert.ok(
      times.some((atMs, index) => atMs < (times[index - 1] ?? atMs) - 3_600_000),
      'it went back',
    );
    // The oldest may have been deleted for it.
    const names = await journalNames(deployment.folder);
    assert.ok(!known.includes(names.at(-1) ?? ''));
    assert.deepEqual(names.slice(0, -1), known.slice(1 - names.length));
    assert.deepEqual(lookAtNeutral(await assertRuns(deployment, mode)), neutralSeen);
    // By the clock, the run before ended later than this one.
    const { stdout } = await deployment.run(['history', '--json']);
    const { runs }: { readonly runs: readonly { readonly what: string; readonly durationMs: number }[] } =
      JSON.parse(stdout);
    assert.match(runs[0]?.what ?? '', new RegExp(mode));
    assert.ok(
      runs.every(({ durationMs }) => durationMs >= 0),
      stdout,
    );
    assert.equal((await deployment.run(['status'])).exitCode, 0);
    await succeed('switch', otherMode(mode));
    await assertRuns(deployment, otherMode(mode));
    const newest = (await journalNames(deployment.folder)).slice(-2);
    assert.deepEqual(
      newest.filter(name => known.includes(name)),
      [],
    );
    await bystanders.assertUntouched();
  });

  it('was killed at every point that was asked for', t => {
    assert.equal(killed, listDeaths().length);
    t.diagnostic(`${killed} of ${switchSteps('test').length * points.length} points`);
  });
});
