import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import {
  type ProcessStarted,
  processStartedChannel,
  runProcess,
} from '../../../src/adapters/process/run-process.ts';
import { ExternalError } from '../../../src/core/error.ts';
import { isRunning } from '../../helpers/processes.ts';
import { until } from '../../helpers/until.ts';

const node = process.execPath;
test('collects both streams, the exit code and the lines in order', async () => {
  const lines: string[] = [];
  const result = await runProcess(
    node,
    ['-e', 'process.stdout.write("one\\r\\ntwo\\nlast"); console.error("bad"); process.exitCode = 7'],
    { onLine: (text, stream) => lines.push(`${stream}:${text}`) },
  );
  assert.equal(result.exitCode, 7);
  assert.equal(result.stdout, 'one\r\ntwo\nlast');
  assert.equal(result.stderr, 'bad\n');
  assert.deepEqual(
    lines.filter(line => line.startsWith('stdout')),
    ['stdout:one', 'stdout:two', 'stdout:last'],
  );
  assert.deepEqual(
    lines.filter(line => line.startsWith('stderr')),
    ['stderr:bad'],
  );
});

test('input reaches the child, and its environment is the given one alone', async () => {
  const result = await runProcess(
    node,
    ['-e', 'process.stdin.pipe(process.stdout); console.error(JSON.stringify(process.env))'],
    {
      input: 'ünïcode\n',
      env: { ONLY: 'this' },
    },
  );
  assert.equal(result.stdout, 'ünïcode\n');
  assert.deepEqual(JSON.parse(result.stderr), { ONLY: 'this' });
});

test('a character cut between two chunks stays whole', async () => {
  const lines: string[] = [];
  const script = `const b = Buffer.from('é'); process.stdout.write(b.subarray(0, 1), () => setTimeout(() => process.stdout.write(b.subarray(1)), 50))`;
  await runProcess(node, ['-e', script], { onLine: text => lines.push(text) });
  assert.deepEqual(lines, ['é']);
});

test('keeps the end of too long an output', async () => {
  const result = await runProcess(node, ['-e', 'process.stdout.write("a".repeat(300000) + "end")'], {
    maxOutputBytes: 1000,
  });
  assert.equal(result.stdout.length, 1000);
  assert.ok(result.stdout.endsWith('aend'));
  assert.equal(result.isTruncated, true);
});

test('a missing command is named', async () => {
  await assert.rejects(runProcess('no-such-command-here', ['a b']), (error: unknown) => {
    assert.ok(error instanceof ExternalError);
    assert.equal(error.status, 'ENOENT');
    assert.equal(error.command, 'no-such-command-here "a b"');
    return true;
  });
});

test('a child that ignores its input is judged by its exit code', async () => {
  const result = await runProcess(node, ['-e', 'process.exit(0)'], { input: 'x'.repeat(2_000_000) });
  assert.equal(result.exitCode, 0);
});

test('an abort ends the child and its own children, and rejects with the reason', async () => {
  const controller = new AbortController();
  let pid = 0;
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    console.log(child.pid); setInterval(() => {}, 1000);`;
  const run = runProcess(node, ['-e', script], {
    signal: controller.signal,
    onLine: text => {
      pid = Number(text);
    },
  });
  await until(() => pid > 0 && isRunning(pid));
  controller.abort(new Error('asked to stop'));
  await assert.rejects(run, /asked to stop/);
  await until(() => !isRunning(pid));
});

test('a child that ignores SIGTERM is killed after the grace period', async () => {
  const script = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)';
  const controller = new AbortController();
  await assert.rejects(
    runProcess(node, ['-e', script], {
      signal: controller.signal,
      killAfterMs: 100,
      onLine: () => controller.abort(new Error('stop')),
    }),
    /stop/,
  );
});

test('too slow a command fails with what it said last', async () => {
  await assert.rejects(
    runProcess(node, ['-e', 'console.error("half way"); setInterval(() => {}, 1000)'], { timeoutMs: 500 }),
    (error: unknown) => {
      assert.ok(error instanceof ExternalError);
      assert.equal(error.status, 'timeout');
      assert.equal(error.tail, 'half way');
      return true;
    },
  );
});

test('a grandchild that keeps the pipes open does not hold up the result', async () => {
  const script = `
    const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit', detached: true });
    child.unref(); console.log(child.pid);`;
  const result = await runProcess(node, ['-e', script]);
  process.kill(Number(result.stdout));
  assert.equal(result.exitCode, 0);
  assert.ok(result.durationMs < 10_000);
});

test('every start is told on the diagnostics channel', async () => {
  const seen: ProcessStarted[] = [];
  const listener = (message: unknown): void => {
    seen.push(message as ProcessStarted);
  };
  subscribe(processStartedChannel, listener);
  await runProcess(node, ['-e', '0']);
  unsubscribe(processStartedChannel, listener);
  assert.deepEqual(seen, [{ file: node, args: ['-e', '0'] }]);
});
