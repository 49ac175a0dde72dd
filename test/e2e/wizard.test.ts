/** From an empty folder to a watched test deployment, by keys in a terminal, with the older Compose. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { residentMiB } from '../../scripts/bench/process-cost.ts';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { readInfluxFacts } from '../helpers/influx-facts.ts';
import type { Pty } from '../helpers/pty.ts';
import { findSecrets, readRunFiles, readSecrets, watchArguments } from '../helpers/secrets.ts';
import { watchProgram } from '../helpers/watch-program.ts';

const enter = '\r';
/** 120 MB. */
const mostMemoryMiB = 114;

describe('the wizard in a sandbox', { skip: skipWithoutSandbox('old') }, () => {
  let deployment: TestDeployment;
  let terminal: Pty;
  let commandLines: ReadonlySet<string>;
  const watched = watchProgram();
  const pressed: string[] = [];
  const times: string[] = [];

  const press = (key: string): void => {
    pressed.push(key);
    terminal.press(key);
  };

  before(async () => {
    deployment = await createDeployment('old', watched.environment);
    const watching = watchArguments();
    const startedMs = performance.now();
    const note = (what: string) =>
      times.push(`${what} ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    terminal = deployment.openTerminal(['--sandbox']);
    await terminal.waitForText('Ready. Everything', 60_000);
    note('machine checked');
    press(enter);
    for (const step of [2, 3, 4, 5]) {
      await terminal.waitForText(`step ${step} of 6`);
      // The footer's hint is there before the answer is; a person waits for what there is to read.
      await terminal.until(() => !terminal.has('...') && terminal.has('enter'), 30_000);
      note(`step ${step}`);
      press(enter);
    }
    await terminal.waitForText('Settings written', 30_000);
    note('run begins');
    await terminal.waitForText('16 of 16 services up', 300_000);
    note('run done');
    commandLines = watching.stop();
    press(enter);
    await terminal.waitForText('16/16 healthy', 30_000);
    note('status');
  });
  after(async () => {
    await terminal?.close();
    await deployment?.remove();
    watched.remove();
  });

  it('takes at most 8 key presses, with nothing typed', t => {
    t.diagnostic(`${pressed.length} key presses; ${times.join(', ')}`);
    assert.ok(pressed.length <= 8, `${pressed.length} key presses`);
    assert.deepEqual([...new Set(pressed)], [enter]);
  });

  it('ends with 16 services running and healthy', async () => {
    const containers = await deployment.containers();
    assert.equal(containers.length, 16);
    const notHealthy = containers.filter(({ state, health }) => state !== 'running' || health !== 'healthy');
    assert.deepEqual(notHealthy, []);
  });

  it("makes the mode's org and buckets, and a token for these four alone", async () => {
    const facts = await readInfluxFacts(deployment.folder, deployment.portOf('influxdb'), 'homeiq-test');
    assert.deepEqual(facts.orgs, ['homeiq-test']);
    assert.deepEqual(
      facts.buckets.map(({ name, days, shardDays }) => `${name} ${days} d / ${shardDays} d`).toSorted(),
      [
        'home_assistant_events_test 7 d / 1 d',
        'pattern_aggregates_daily_test 7 d / 1 d',
        'pattern_aggregates_weekly_test 7 d / 1 d',
        'weather_data_test 7 d / 1 d',
      ],
    );
    assert.deepEqual(
      facts.tokens['homeiq-setup/test/rw']?.toSorted(),
      facts.buckets.flatMap(({ id }) => [`read buckets ${id}`, `write buckets ${id}`]).toSorted(),
    );
  });

  it('shows points arriving', async () => {
    await terminal.waitForText(/home_assistant_events_test +[1-9]\d*\/min/, 60_000);
  });

  it('keeps every secret out of arguments, files, the screen and the wrong containers', async t => {
    const secrets = readSecrets(deployment.folder, 'test');
    assert.ok(secrets.length >= 10, `only ${secrets.length} secrets to look for`);
    assert.ok(
      [...commandLines].some(line => line.includes('worker')),
      'the worker was not seen',
    );
    const { commands, files, leaks } = watched.findLeaks(secrets, deployment.folder);
    assert.deepEqual(leaks, []);
    t.diagnostic(
      `${secrets.length} secrets, ${commands.length} processes started, ${files.length} files written`,
    );
    assert.deepEqual(findSecrets(secrets, commandLines), []);
    assert.deepEqual(findSecrets(secrets, readRunFiles(deployment.folder)), []);
    assert.deepEqual(findSecrets(secrets, [terminal.written()]), []);
    const own = secrets.filter(({ name }) => /^(influxdb|home-assistant)-/.test(name));
    assert.equal(own.length, 3);
    const ids = (await deployment.containers()).map(({ id }) => id);
    assert.deepEqual(findSecrets(own, [await docker(['inspect', ...ids])]), []);
  });

  it('follows a container that is stopped and started again', async () => {
    const { id } = await deployment.containerOf('openvino-service');
    await docker(['stop', '--time', '1', id]);
    await terminal.waitForText('15/16', 20_000);
    await terminal.waitForText(/openvino-service +(stopped|exited)/, 20_000);
    await docker(['start', id]);
    await terminal.waitForText('16/16 healthy', 60_000);
  });

  it(`takes less than ${mostMemoryMiB} MiB, after the set-up and when it is opened anew`, async t => {
    const afterSetupMiB = residentMiB(terminal.pid);
    press('q');
    assert.equal((await terminal.waitForExit()).exitCode, 0);
    await terminal.close();
    terminal = deployment.openTerminal([]);
    await terminal.waitForText(/16\/16 healthy[\s\S]*[1-9]\d*\/min/, 60_000);
    // Past the first samples, when everything it needs has been loaded.
    await terminal.waitForText(/cpu +\d+ %/, 20_000);
    const openedMiB = residentMiB(terminal.pid);
    t.diagnostic(`${afterSetupMiB.toFixed(0)} MiB after the set-up, ${openedMiB.toFixed(0)} MiB opened anew`);
    assert.ok(afterSetupMiB < mostMemoryMiB, `${afterSetupMiB} MiB`);
    assert.ok(openedMiB < mostMemoryMiB, `${openedMiB} MiB`);
  });

  it('a bare docker compose up -d changes no container', async () => {
    const ours = await deployment.containers();
    await deployment.compose('up', '-d');
    assert.deepEqual(await deployment.containers(), ours);
  });
});
