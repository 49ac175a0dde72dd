import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLock } from '../../../src/adapters/files/lock.ts';
import { createRuns } from '../../../src/adapters/files/runs.ts';
import { processStartedChannel } from '../../../src/adapters/process/run-process.ts';
import { createWorkerHost } from '../../../src/adapters/process/worker-host.ts';
import { ExternalError } from '../../../src/core/error.ts';
import type { RunRequest } from '../../../src/core/run/run-request.ts';
import type { LockHolder } from '../../../src/ports/runs.ts';
import { isRunning } from '../../helpers/processes.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { until } from '../../helpers/until.ts';

const worker = new URL('../../fixtures/worker.ts', import.meta.url).pathname;
const starterProgram = new URL('../../fixtures/worker-starter.ts', import.meta.url).pathname;
/** In full: the worker runs in the deployment folder, which knows no packages. */
const tsx = import.meta.resolve('tsx');
const secret = 'INFLUXDB_TOKEN=top-secret-value\n';
const composeAnswers = [
  { key: 'model', answer: '{"services":{"a":{"environment":{"TOKEN":"top-secret-value"}}}}' },
];

function setUp(t: TestContext, startTimeoutMs = 20_000) {
  let folder = '';
  // Before the folder with the lock is removed, and hooks run in their order.
  t.after(() => stopWorker(folder));
  folder = join(temporaryFolder(t), 'deployment');
  const host = createWorkerHost({
    entry: worker,
    folder,
    execArgv: ['--import', tsx],
    startTimeoutMs,
  });
  const request = (runId: string): RunRequest =>
    ({ runId, mode: 'test', envText: secret, composeAnswers, plan: { folder } }) as unknown as RunRequest;
  return { folder, host, request };
}

async function stopWorker(folder: string): Promise<LockHolder | undefined> {
  const holder = await createLock(folder).holder();
  if (holder !== undefined) process.kill(holder.pid, 'SIGKILL');
  return holder;
}

test('starts a worker of its own session, hands it the request, and stops it', async t => {
  const { folder, host, request } = setUp(t);
  await host.start(request('run-1'));
  const holder = await createLock(folder).holder();
  assert.ok(holder);
  assert.equal(holder.runId, 'run-1');
  assert.notEqual(holder.pid, process.pid);
  if (process.platform === 'linux') {
    // Field 6 of /proc/<pid>/stat: the session is the worker's own.
    const stat = readFileSync(`/proc/${holder.pid}/stat`, 'utf8');
    assert.equal(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3], String(holder.pid));
  }
  const runs = createRuns(folder);
  await until(async () => (await runs.read('run-1')).length === 1);
  const [event] = await runs.read('run-1');
  assert.equal(event?.kind === 'step-detail' && event.text, `${secret.length} characters`);

  await host.stop({ ...holder, runId: 'another' });
  await host.stop({ ...holder, pid: process.pid });
  assert.equal(isRunning(holder.pid), true);
  await host.stop(holder);
  await until(() => !isRunning(holder.pid));
  assert.equal((await runs.read('run-1')).at(-1)?.kind, 'run-finished');
  // It is gone: stopping it again hits nobody.
  await host.stop(holder);
});

test('the request is in no argument and in no file', async t => {
  const { folder, host, request } = setUp(t);
  const started: unknown[] = [];
  const listener = (message: unknown): void => {
    started.push(message);
  };
  subscribe(processStartedChannel, listener);
  await host.start(request('run-1'));
  unsubscribe(processStartedChannel, listener);
  assert.equal(started.length, 1);
  assert.deepEqual(started[0], {
    file: process.execPath,
    args: ['--import', tsx, worker, 'worker', '--dir', folder],
  });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  assert.ok(files.some(({ name }) => name === 'run-1.log'));
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    assert.doesNotMatch(readFileSync(path, 'utf8'), /top-secret/, path);
    assert.equal(statSync(path).mode & 0o777, 0o600, path);
  }
});

test('a worker that ends before its journal exists fails the start, with its exit code and last words', async t => {
  const { host, request } = setUp(t);
  await assert.rejects(host.start(request('refused-1')), (error: unknown) => {
    assert.ok(error instanceof ExternalError);
    assert.equal(error.exitCode, 3);
    assert.equal(error.status, 3);
    assert.match(error.tail ?? '', /Another run is at work$/);
    assert.match(error.message, /ended before it began/);
    return true;
  });
});

test('a worker that never begins is ended', async t => {
  const { folder, host, request } = setUp(t, 1500);
  await assert.rejects(host.start(request('stuck-1')), /did not begin its run/);
  const log = readFileSync(join(folder, '.homeiq/runs/stuck-1.log'), 'utf8');
  const pid = Number(/process (?<pid>\d+)/.exec(log)?.groups?.pid);
  assert.ok(pid > 0, log);
  await until(() => !isRunning(pid));
});

test('the worker outlives the terminal of the one who started it', async t => {
  const { folder } = setUp(t);
  const starter = spawn(process.execPath, ['--import', 'tsx', starterProgram, folder, 'run-1'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(starter.pid && starter.stdout);
  const ended = once(starter, 'exit');
  await Promise.race([once(starter.stdout, 'data'), ended]);
  const holder = await createLock(folder).holder();
  assert.ok(holder);
  process.kill(-starter.pid, 'SIGHUP');
  assert.deepEqual(await ended, [null, 'SIGHUP']);
  assert.equal(isRunning(holder.pid), true);
  assert.deepEqual(await createLock(folder).holder(), holder);
});
