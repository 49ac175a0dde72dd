/**
 * From an empty folder to a running production deployment, with the newer Compose: the operator's Home Assistant is a
 * stand-in in this process, its address and token come from the clipboard as clipboards hold them.
 */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  type HomeAssistantStandIn,
  startHomeAssistantStandIn,
} from '../../sandbox/stand-in/home-assistant.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { documentValues } from '../../src/core/env/values.ts';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { readInfluxFacts } from '../helpers/influx-facts.ts';
import { findMachineAddress, skipWithoutMachineAddress } from '../helpers/machine-address.ts';
import type { Pty } from '../helpers/pty.ts';
import { findSecrets, readRunFiles, readSecrets, watchArguments } from '../helpers/secrets.ts';
import { watchProgram } from '../helpers/watch-program.ts';

const enter = '\r';
const down = '\x1b[B';
const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;
const token = `${'a'.repeat(36)}.${'b'.repeat(80)}.${'c'.repeat(43)}`;

const skip = skipWithoutSandbox('new') || skipWithoutMachineAddress();

describe('the wizard, production mode, in a sandbox', { skip }, () => {
  let deployment: TestDeployment;
  let terminal: Pty;
  let home: HomeAssistantStandIn;
  let homeFolder: string;
  let commandLines: ReadonlySet<string>;
  const watched = watchProgram();
  const typed: string[] = [];
  const pressed: string[] = [];
  const times: string[] = [];

  const press = (key: string): void => {
    pressed.push(key);
    terminal.press(key);
  };
  const pasteValue = (text: string): void => {
    typed.push(text);
    terminal.press(paste(text));
  };
  const reachStep = async (step: number): Promise<void> => {
    await terminal.waitForText(`step ${step} of 6`);
    await terminal.until(() => !terminal.has('...') && terminal.has('enter'), 30_000);
  };

  before(async () => {
    homeFolder = await mkdtemp(join(tmpdir(), 'homeiq-home-'));
    home = await startHomeAssistantStandIn({
      port: 0,
      // Containers reach it too.
      host: findMachineAddress(),
      dataFolder: homeFolder,
      knownToken: token,
    });
    deployment = await createDeployment('new', watched.environment);
    const watching = watchArguments();
    const startedMs = performance.now();
    const note = (what: string) =>
      times.push(`${what} ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    terminal = deployment.openTerminal(['--sandbox']);
    await terminal.waitForText('Ready. Everything', 60_000);
    press(enter);
    await reachStep(2);
    press(down);
    press(enter);
    await reachStep(3);
    press(enter);
    await reachStep(4);
    note('settings');
    pasteValue(`${home.url}/lovelace/0\n`);
    await terminal.waitForText('/lovelace/0');
    press(enter);
    await terminal.waitForText('What follows the host and port was removed');
    press(enter);
    await terminal.waitForText('Home Assistant answers');
    pasteValue(`Bearer ${token}\n`);
    await terminal.waitForText(/“Bearer” in front of the token was\s+removed/);
    press(enter);
    await terminal.waitForText('Home Assistant 2024.3.3, token accepted');
    note('token accepted');
    press(enter);
    await reachStep(5);
    await terminal.waitForText(/2024\.3\.3 at http/);
    press(enter);
    await terminal.waitForText('Settings written', 30_000);
    note('run begins');
    await terminal.waitForText('22 of 22 services up', 300_000);
    note('run done');
    commandLines = watching.stop();
    press(enter);
    await terminal.waitForText('22/22 healthy', 60_000);
    note('status');
  });
  after(async () => {
    await terminal?.close();
    await deployment?.remove();
    await home?.close();
    await rm(homeFolder, { recursive: true, force: true });
    watched.remove();
  });

  it('takes two values, and keys to say that they are right', t => {
    t.diagnostic(`${typed.length} values, ${pressed.length} key presses; ${times.join(', ')}`);
    assert.equal(typed.length, 2);
    assert.ok(pressed.every(key => key === enter || key === down));
  });

  it('writes what was meant', async () => {
    const values = documentValues(parseEnv(await deployment.read('.env')));
    assert.equal(values.HA_HTTP_URL, home.url);
    assert.equal(values.HA_WS_URL, `${home.url.replace('http:', 'ws:')}/api/websocket`);
    assert.equal(values.HA_TOKEN, token);
  });

  it('ends with 22 healthy services beside the stand-in of the sandbox', async () => {
    const containers = await deployment.containers();
    const notHealthy = containers.filter(({ state, health }) => state !== 'running' || health !== 'healthy');
    assert.deepEqual(notHealthy, []);
    const names = containers.map(({ service }) => service);
    assert.equal(names.filter(name => name !== 'operator-home-assistant').length, 22);
    assert.equal(names.length, 23);
    assert.ok(!names.some(name => name.endsWith('-test')));
  });

  it("makes the mode's org and buckets, and nothing of the other mode", async () => {
    const facts = await readInfluxFacts(deployment.folder, deployment.portOf('influxdb'), 'homeiq');
    assert.deepEqual(facts.orgs, ['homeiq']);
    assert.deepEqual(facts.buckets.map(({ name, days }) => `${name} ${days} d`).toSorted(), [
      'home_assistant_events 30 d',
      'pattern_aggregates_daily 30 d',
      'pattern_aggregates_weekly 30 d',
      'weather_data 30 d',
    ]);
    assert.deepEqual(
      facts.tokens['homeiq-setup/production/rw']?.toSorted(),
      facts.buckets.flatMap(({ id }) => [`read buckets ${id}`, `write buckets ${id}`]).toSorted(),
    );
    const ids = (await deployment.containers()).map(({ id }) => id);
    const environment = await docker(['inspect', '--format', '{{json .Config.Env}}', ...ids]);
    assert.doesNotMatch(environment, /DEPLOYMENT_MODE=test|homeiq-test|_events_test/);
  });

  it('keeps every secret out of the arguments of every process, every file but its own, and the screen', t => {
    const secrets = readSecrets(deployment.folder, 'production');
    for (const name of ['HA_TOKEN', 'INFLUXDB_TOKEN', 'influxdb-operator-token', 'influxdb-admin-password']) {
      assert.ok(
        secrets.some(secret => secret.name === name),
        name,
      );
    }
    const { commands, files, leaks } = watched.findLeaks(secrets, deployment.folder);
    assert.ok(commands.some(command => /main\.js worker/.test(command)));
    assert.ok(commands.some(command => /docker compose .* up/.test(command)));
    assert.ok(files.includes(`${deployment.folder}/.env`));
    assert.ok(files.some(file => /\.homeiq\/runs\/.*\.jsonl$/.test(file)));
    assert.deepEqual(leaks, []);
    // What those processes started in turn, as far as it lived long enough.
    assert.deepEqual(findSecrets(secrets, commandLines), []);
    assert.deepEqual(findSecrets(secrets, readRunFiles(deployment.folder)), []);
    assert.deepEqual(findSecrets(secrets, [terminal.written()]), []);
    t.diagnostic(
      `${secrets.length} secrets, ${commands.length} processes started, ${files.length} files written`,
    );
  });

  it("records the events of the operator's Home Assistant", async () => {
    await terminal.waitForText(/home_assistant_events +[1-9]\d*\/min/, 60_000);
    const { exitCode, stdout, stderr } = await deployment.run(['status', '--json'], { isPreset: false });
    assert.equal(exitCode, 0, stderr + stdout);
    const status = JSON.parse(stdout);
    assert.equal(status.mode, 'production');
    assert.equal(status.data.bucket, 'home_assistant_events');
    assert.ok(status.data.pointsPerMinute > 0, stdout);
  });
});
