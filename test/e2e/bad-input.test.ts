/** What only a real engine can be asked to do wrong, and what goes wrong while a set-up runs. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { createScratchProject, docker } from '../helpers/engine.ts';
import { describeTree } from '../helpers/folder-snapshot.ts';
import { endOf, finishedSteps, readEvents, waitForStep } from '../helpers/run-events.ts';
import { changedSecrets, readSecrets } from '../helpers/secrets.ts';
import { createUndo, type Undo } from '../helpers/undo.ts';

const setup = ['setup', '--mode', 'test', '--sandbox', '--yes'];
const portKey = 'HOMEIQ_SET_HOMEIQ_HEALTH_DASHBOARD_HOST_PORT';
const port = 19_300;

async function provide(
  undo: Undo,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestDeployment> {
  const deployment = await createDeployment('new', environment);
  undo(deployment.remove);
  return deployment;
}

async function refusesPort(undo: Undo, holder: RegExp): Promise<void> {
  const deployment = await provide(undo, { [portKey]: String(port) });
  const before = describeTree(deployment.folder);
  const { exitCode, stdout, stderr } = await deployment.run(setup);
  assert.equal(exitCode, 3, stderr + stdout);
  assert.match(stderr, new RegExp(`Port ${port} of health-dashboard is used by ${holder.source}`));
  assert.match(stderr, new RegExp(`${portKey}=${port + 10}`));
  assert.deepEqual(describeTree(deployment.folder), before);
  assert.deepEqual(await deployment.containers(), []);
}

/** What other programs answer to `GET /ping`. */
const strangers = [
  {
    name: 'version 1',
    answer: ['204 No Content', 'X-Influxdb-Build: OSS', 'X-Influxdb-Version: 1.8.10'],
    says: /Found InfluxDB 1\.8\.10 at .*HomeIQ needs InfluxDB 2/,
  },
  {
    name: 'version 3',
    answer: ['401 Unauthorized', 'cluster-uuid: 5f0c', 'Content-Length: 0'],
    says: /Found InfluxDB 3 at .*HomeIQ needs InfluxDB 2/,
  },
  {
    name: 'another program',
    answer: ['200 OK', 'Server: nginx', 'Content-Type: text/html', 'Content-Length: 0'],
    says: /Found another program .*nginx.*HomeIQ needs InfluxDB 2/,
  },
];

/** An image of its own project's label whose only program gives this answer to everybody on InfluxDB's port. */
async function makeStranger(undo: Undo, answer: readonly string[]): Promise<string> {
  const scratch = await createScratchProject('stranger');
  undo(scratch.remove);
  const id = await scratch.run('stranger', ['true']);
  const lines = [`HTTP/1.1 ${answer[0]}`, ...answer.slice(1), 'Connection: close', '', ''].join('\\r\\n');
  const serve = `while :; do /bin/busybox printf '${lines}' | /bin/busybox nc -l -p 8086; done`;
  const image = `${scratch.project}:1`;
  const command = JSON.stringify(['/bin/busybox', 'sh', '-c', serve]);
  await docker(['commit', '--change', `CMD ${command}`, id, image]);
  return image;
}

describe('bad input on a real engine', { skip: skipWithoutSandbox('new') }, () => {
  it('names the process that has a port', async t => {
    const undo = createUndo(t);
    const server = createServer();
    await new Promise<void>(resolve => server.listen(port, '0.0.0.0', resolve));
    undo(() => server.close());
    await refusesPort(undo, new RegExp(`.* \\(pid ${process.pid}\\)`));
  });

  it('names the container that has a port', async t => {
    const undo = createUndo(t);
    const scratch = await createScratchProject('port');
    undo(scratch.remove);
    await scratch.run('holder', ['sleep', '600'], ['-p', `${port}:80`]);
    await refusesPort(undo, new RegExp(`the container ${scratch.project}-holder-1`));
  });

  for (const { name, answer, says } of strangers) {
    it(`${name} where InfluxDB 2 should be is left alone`, async t => {
      const undo = createUndo(t);
      const image = await makeStranger(undo, answer);
      const deployment = await provide(undo, { HOMEIQ_INFLUXDB_IMAGE: image });
      const { exitCode, stdout } = await deployment.run([...setup, '--json']);
      assert.equal(exitCode, 3, stdout);
      const events = readEvents(stdout);
      assert.equal(endOf(events).outcome, 'failed');
      const failed = events.find(event => event.kind === 'step-failed');
      assert.equal(failed?.step, 'influxdb');
      assert.match(failed?.error.message ?? '', says);
      assert.match(failed?.error.nextSteps.join() ?? '', /HOMEIQ_INFLUXDB_IMAGE/);
    });
  }

  const skip =
    process.getuid?.() === 0 || process.env.CI === 'true' ? false : 'only root can mount a file system';
  it('a disk that gets full, and too little memory: nothing is lost, and the set-up goes on', {
    skip,
  }, async t => {
    const undo = createUndo(t);
    const deployment = await provide(undo);
    const { folder } = deployment;
    // A disk is full too when it can hold no further file.
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8g,nr_inodes=64', 'tmpfs', folder]);
    assert.equal(mounted.status, 0, String(mounted.stderr));
    undo(() => spawnSync('umount', [folder]));
    const all = JSON.parse((await deployment.run(['plan', '--mode', 'test', '--sandbox', '--json'])).stdout);
    const wanted = ['data-api', 'home-assistant-test', 'influxdb', 'websocket-ingestion-test'];
    const without = (all.services as readonly { readonly name: string }[]).flatMap(({ name }) =>
      wanted.includes(name) ? [] : ['--without', name],
    );
    const small = [...setup, '--json', ...without, '--memory-budget', '3072'];
    const refused = await deployment.run(small);
    assert.equal(refused.exitCode, 3);
    assert.match(refused.stderr, /does not fit/);
    assert.deepEqual(readdirSync(folder), []);

    const running = deployment.run([...small, '--accept-memory-risk']);
    await waitForStep(folder, 'influxdb');
    const fill = (count: number): void => {
      try {
        writeFileSync(join(folder, `fill-${count}`), '');
      } catch {
        return;
      }
      fill(count + 1);
    };
    fill(0);
    const full = await running;
    assert.equal(full.exitCode, 1, full.stderr);
    const events = readEvents(full.stdout);
    const failed = events.find(event => event.kind === 'step-failed');
    t.diagnostic(`${failed?.step}: ${failed?.error.message}`);
    assert.match(failed?.error.message ?? '', /disk is full/);
    assert.match(failed?.error.hint ?? '', /Free some space/);
    const secrets = readSecrets(folder, 'test');
    for (const name of readdirSync(folder).filter(name => name.startsWith('fill-')))
      rmSync(join(folder, name));

    const again = await deployment.run([...setup, '--json'], { isPreset: false });
    assert.equal(again.exitCode, 0, again.stderr + again.stdout);
    // What was finished is found done; nothing of it is made again.
    const done = [...finishedSteps(events, true), ...finishedSteps(events, false)];
    const unchanged = finishedSteps(readEvents(again.stdout), false);
    assert.ok(
      done.length > 1 && done.every(step => unchanged.includes(step)),
      `${done} and then ${unchanged}`,
    );
    assert.deepEqual(changedSecrets(secrets, readSecrets(folder, 'test')), []);

    // What was left out stays out, by the program and by hand.
    const names = async () => (await deployment.containers()).map(({ service }) => service);
    assert.deepEqual(await names(), wanted);
    await deployment.compose('up', '-d');
    assert.deepEqual(await names(), wanted);
  });
});
