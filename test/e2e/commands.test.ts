/** The same by commands, with the newer Compose: set up, again, status, by hand, stop, and back. */

import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { readInfluxFacts } from '../helpers/influx-facts.ts';
import { endOf, finishedSteps, journalNames, readEvents, stepTimes } from '../helpers/run-events.ts';

const setup = ['setup', '--mode', 'test', '--sandbox', '--yes'];

describe('the commands in a sandbox', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;
  /** As an operator runs them later: what was decided is in the folder. */
  const runAgain = (args: readonly string[]) => deployment.run(args, { isPreset: false });
  const states = async () => (await deployment.containers()).map(({ state, health }) => `${state} ${health}`);
  const influxFacts = () => readInfluxFacts(deployment.folder, deployment.portOf('influxdb'), 'homeiq-test');

  before(async () => {
    deployment = await createDeployment('new');
  });
  after(() => deployment?.remove());

  it('setup --json ends with done and 16 healthy services', async t => {
    const { exitCode, stdout, stderr } = await deployment.run([...setup, '--json']);
    assert.equal(exitCode, 0, stderr + stdout);
    const events = readEvents(stdout);
    t.diagnostic(stepTimes(events));
    assert.equal(endOf(events).outcome, 'done');
    assert.equal(endOf(events).changed, true);
    assert.deepEqual(await states(), Array(16).fill('running healthy'));
  });

  it('setup again changes nothing, and says so', async t => {
    const containers = await deployment.containers();
    const before = await influxFacts();
    const startedMs = performance.now();
    const again = await runAgain([...setup, '--json']);
    t.diagnostic(`${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    assert.equal(again.exitCode, 0, again.stderr + again.stdout);
    const events = readEvents(again.stdout);
    assert.equal(endOf(events).outcome, 'done');
    assert.equal(endOf(events).changed, false);
    assert.deepEqual(finishedSteps(events, true), []);
    const plain = await runAgain(setup);
    assert.equal(plain.exitCode, 0, plain.stderr);
    assert.match(plain.stdout, /Nothing .*chang/i);
    assert.deepEqual(await deployment.containers(), containers);
    assert.deepEqual(await influxFacts(), before);
  });

  it('status says healthy, with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await runAgain(['status', '--json']);
    assert.equal(exitCode, 0, stderr + stdout);
    const status = JSON.parse(stdout);
    assert.equal(status.healthy, true);
    assert.equal(status.mode, 'test');
    assert.equal(status.level, 'sandbox');
    assert.ok(status.data.pointsPerMinute > 0);
    const services: readonly { readonly state: string; readonly memoryMiB: number }[] = status.services;
    assert.deepEqual(
      services.map(({ state }) => state),
      Array(16).fill('healthy'),
    );
    assert.ok(services.every(({ memoryMiB }) => memoryMiB > 0));
  });

  it('plan finds every step done', async () => {
    const { exitCode, stdout } = await runAgain(['plan', '--mode', 'test', '--sandbox', '--json']);
    assert.equal(exitCode, 0);
    const steps: readonly { readonly id: string; readonly done: boolean }[] = JSON.parse(stdout).steps;
    assert.deepEqual(
      steps.filter(({ done }) => !done),
      [],
    );
  });

  it('a bare docker compose up -d changes no container', async () => {
    const containers = await deployment.containers();
    await deployment.compose('up', '-d');
    assert.deepEqual(await deployment.containers(), containers);
  });

  it('stop stops all and keeps containers and volumes', async () => {
    const volumes = await deployment.volumes();
    const { exitCode, stdout, stderr } = await runAgain(['stop', '--yes', '--json']);
    assert.equal(exitCode, 0, stderr + stdout);
    assert.equal(endOf(readEvents(stdout)).changed, true);
    const containers = await deployment.containers();
    assert.equal(containers.length, 16);
    assert.ok(containers.every(({ state }) => state === 'exited'));
    assert.deepEqual(await deployment.volumes(), volumes);
    assert.equal((await runAgain(['status', '--json'])).exitCode, 1);
    assert.equal(endOf(readEvents((await runAgain(['stop', '--yes', '--json'])).stdout)).changed, false);
  });

  it('setup brings the same containers and data back', async t => {
    const ids = (await deployment.containers()).map(({ id }) => id);
    const { exitCode, stdout, stderr } = await runAgain([...setup, '--json']);
    assert.equal(exitCode, 0, stderr + stdout);
    t.diagnostic(stepTimes(readEvents(stdout)));
    assert.equal(endOf(readEvents(stdout)).changed, true);
    assert.deepEqual(await states(), Array(16).fill('running healthy'));
    assert.deepEqual(
      (await deployment.containers()).map(({ id }) => id),
      ids,
    );
    assert.deepEqual((await influxFacts()).orgs, ['homeiq-test']);
  });

  it('damaged journals and a damaged lock are in nobody’s way; a damaged record is', async () => {
    const state = join(deployment.folder, '.homeiq');
    for (const name of await journalNames(deployment.folder)) {
      await appendFile(join(state, 'runs', name), '{"v":1,"seq":\n\0\n');
    }
    await writeFile(join(state, 'lock'), '{"pid":');
    const again = await runAgain([...setup, '--json']);
    assert.equal(again.exitCode, 0, again.stderr + again.stdout);
    assert.equal(endOf(readEvents(again.stdout)).changed, false);
    assert.equal((await runAgain(['status'])).exitCode, 0);

    const record = await deployment.read('.homeiq/deployment.json');
    const containers = await deployment.containers();
    await writeFile(join(state, 'deployment.json'), record.slice(0, 40));
    for (const args of [setup, ['status'], ['stop', '--yes']]) {
      const { exitCode, stderr } = await runAgain(args);
      assert.equal(exitCode, 1, stderr);
      assert.match(stderr, /deployment\.json is damaged/);
    }
    await writeFile(join(state, 'deployment.json'), record);
    assert.deepEqual(await deployment.containers(), containers);
  });
});
