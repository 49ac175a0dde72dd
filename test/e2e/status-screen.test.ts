/** The status of a running sandbox, as a script reads it and as an operator works with it. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { launcher, programEnvironment } from '../helpers/program.ts';
import { createRunningSandbox } from '../helpers/small-sandbox.ts';
import { until } from '../helpers/until.ts';

const enter = '\r';
const down = '\x1b[B';
const home = '\x1b[H';

describe('the status of a running sandbox', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;
  const later = (args: readonly string[]) => deployment.run(args, { isPreset: false });
  /** As a process that dies by itself: Docker's own kill would count as a stop that was asked for. */
  const crash = async (service: string): Promise<void> => {
    const { id } = await deployment.containerOf(service);
    process.kill(Number(await docker(['inspect', '--format', '{{.State.Pid}}', id])), 'SIGKILL');
  };
  const isHealthyAgain = (service: string) =>
    until(async () => (await deployment.containerOf(service)).health === 'healthy', { timeoutMs: 60_000 });

  before(async () => {
    deployment = await createRunningSandbox('new');
  });
  after(() => deployment?.remove());

  it('status prints a table or a document and ends with 0 when healthy, with 1 when not', async () => {
    const good = await later(['status', '--plain']);
    assert.equal(good.exitCode, 0, good.stdout);
    assert.match(good.stdout, /^data-api +Core services +healthy/m);
    await docker(['stop', (await deployment.containerOf('data-api')).id]);
    const bad = await later(['status', '--json']);
    assert.equal(bad.exitCode, 1);
    const status = JSON.parse(bad.stdout);
    assert.deepEqual([status.healthy, status.reasons.length], [false, 1]);
    await docker(['start', (await deployment.containerOf('data-api')).id]);
    await isHealthyAgain('data-api');
  });

  it('a watch in a pipe is one whole document a change, and nothing while nothing changes', async t => {
    const child = spawn(launcher, ['status', '--watch', '--json'], {
      cwd: deployment.folder,
      env: programEnvironment({ DOCKER_CONFIG: deployment.environment.DOCKER_CONFIG ?? '' }),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    let text = '';
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
    });
    type Document = {
      readonly healthy: boolean;
      readonly changes: readonly { readonly name: string; readonly to: string }[];
    };
    const documents = (): readonly Document[] =>
      text
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line));
    await until(() => documents().length > 0, { timeoutMs: 20_000 });
    assert.deepEqual([documents()[0]?.healthy, documents()[0]?.changes], [true, []]);
    const quiet = Date.now() + 6_000;
    await until(() => Date.now() > quiet, { timeoutMs: 10_000 });
    assert.equal(documents().length, 1, text);
    await crash('data-api');
    await until(() => documents().length > 1 && documents().at(-1)?.healthy === true, {
      timeoutMs: 60_000,
      describe: () => text,
    });
    const told = documents()
      .slice(1)
      .flatMap(({ changes }) => changes);
    t.diagnostic(told.map(({ name, to }) => `${name} ${to}`).join(', '));
    assert.ok(told.every(({ name }) => name === 'data-api'));
    assert.equal(told.at(-1)?.to, 'healthy');
    child.kill('SIGTERM');
    const code = await new Promise(resolve => child.once('close', resolve));
    assert.equal(code, 130);
  });

  it('a watch in a terminal is one line a change', async t => {
    const terminal = deployment.openTerminal(['status', '--watch', '--plain'], { columns: 160, rows: 24 });
    t.after(terminal.close);
    await terminal.waitForText(/HomeIQ TEST SANDBOX 4\/4 healthy/, 20_000);
    await crash('log-aggregator');
    await terminal.waitForText(/3\/4 healthy.* {2}log-aggregator: healthy -> /, 30_000);
    await terminal.waitForText(/4\/4 healthy {2}log-aggregator: starting -> healthy/, 60_000);
    terminal.press('\x03');
    assert.equal((await terminal.waitForExit()).exitCode, 130);
  });

  it('a shell is opened in the container and left again; a service is made anew; what happened is told', async t => {
    const terminal = deployment.openTerminal([], { columns: 120, rows: 40 });
    t.after(terminal.close);
    await terminal.waitForText('4/4 healthy', 30_000);
    const { id } = await deployment.containerOf('data-api');
    terminal.press('/', ...'data-api', enter);
    await terminal.waitForText('found by "data-api"');
    terminal.press(home, down);
    await terminal.waitForText(/❯ +✔ data-api/);
    terminal.press('!');
    await terminal.waitForText(/A shell in .*data-api/);
    // What is typed before the shell listens is lost.
    await terminal.waitForText(/[#$] *$/m);
    terminal.press(...'echo here is $((6 * 7))', enter);
    await terminal.waitForText('here is 42', 20_000);
    terminal.press(...'exit', enter);
    await terminal.waitForText('4/4 healthy', 20_000);
    terminal.press('c');
    await terminal.waitForText(/❯ \d Recreate/);
    terminal.press(enter);
    await terminal.waitForText('data-api recreated.', 60_000);
    await terminal.waitForText('4/4 healthy', 60_000);
    assert.notEqual((await deployment.containerOf('data-api')).id, id);
    terminal.press('e');
    await terminal.waitForText(/data-api was recreated(, exit \d+.*)?, away/);
    // Who asked for it is told while Docker still has the events: it keeps its last 256, of all containers.
    await terminal.waitForText(/data-api (was restarted|restarted(, exit 137 \(killed\))?), away/);
    terminal.press('d');
    await terminal.waitForText(/homeiq doctor: /, 30_000);
    await terminal.waitForText('Services: good');
    terminal.press('q');
    await terminal.waitForText('found by "data-api"');
    terminal.press('q');
    assert.equal((await terminal.waitForExit()).exitCode, 0);
    const { stdout } = await later(['history']);
    assert.match(stdout, /recreate data-api +done/);
  });

  it('read-only says so, has no key that changes anything', async t => {
    const terminal = deployment.openTerminal(['--read-only']);
    t.after(terminal.close);
    await terminal.waitForText('READ ONLY', 30_000);
    await terminal.waitForText('4/4 healthy', 30_000);
    terminal.press('?');
    await terminal.waitForText('Keys on this screen');
    assert.equal(terminal.has(/Restart|Stop|Recreate|other mode|A shell/), false);
    terminal.press('?', 'r', 'x', 'c', 'm', '!');
    await terminal.waitForText('4/4 healthy');
    terminal.press('q');
    assert.equal((await terminal.waitForExit()).exitCode, 0);
  });

  it('one measurement of what runs is in the report, with the peak that the kernel counts and the time that it covers', async () => {
    const sample = await later(['sample']);
    assert.equal(sample.exitCode, 0, sample.stderr);
    assert.match(sample.stdout, /^Measured \d+ services of TEST mode/m);
    const report = JSON.parse((await later(['memory', '--json'])).stdout);
    const row = report.services.find(({ name }: { readonly name: string }) => name === 'influxdb');
    assert.ok(
      row.measured.medianMiB > 1 && row.measured.peakMiB >= row.measured.medianMiB * 0.98,
      JSON.stringify(row),
    );
    assert.ok(row.measured.coveredSeconds > 0);
    assert.ok(
      row.measured.kernelPeakMiB === null || row.measured.kernelPeakMiB > row.measured.medianMiB * 0.98,
    );
    assert.match((await later(['memory'])).stdout, /^influxdb .* too short: 1 h/m);
  });

  it('the doctor has no problem with a healthy sandbox, and names what is not', async () => {
    const good = await later(['doctor', '--json']);
    assert.equal(good.exitCode, 0, good.stdout);
    await docker(['stop', (await deployment.containerOf('data-api')).id]);
    const bad = await later(['doctor']);
    assert.equal(bad.exitCode, 1);
    assert.match(
      bad.stdout,
      /PROBLEM: data-api ended with exit code \d+\.\n {4}Its log says why: homeiq logs data-api/,
    );
  });
});
