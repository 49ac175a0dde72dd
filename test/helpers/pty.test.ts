import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startInPty } from './pty.ts';
import { until } from './until.ts';

test('shows what the command wrote, passes keys on and tells how it ended', async () => {
  const pty = startInPty('/bin/sh', ['-c', 'echo "$CI $TERM"; read line; echo "got $line"; exit 3']);
  await pty.waitForText('false xterm-256color');
  pty.press('a', 'b', '\r');
  await pty.waitForText('got ab');
  assert.deepEqual(await pty.waitForExit(), { exitCode: 3, signal: undefined });
  await pty.close();
});

test('the command sees the size and its changes', async () => {
  const pty = startInPty(
    '/bin/sh',
    ['-c', 'trap "stty size" WINCH; stty size; while :; do sleep 0.05; done'],
    {
      columns: 40,
      rows: 12,
    },
  );
  await pty.waitForText('12 40');
  pty.resize({ columns: 100, rows: 30 });
  await pty.waitForText('30 100');
  await pty.close();
});

test('a dropped connection sends SIGHUP', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pty-test-'));
  const log = join(folder, 'log');
  const pty = startInPty('/bin/sh', [
    '-c',
    `trap 'echo hup > ${log}; exit' HUP; echo up; while :; do sleep 0.05; done`,
  ]);
  await pty.waitForText('up');
  pty.hangUp();
  await until(() => {
    try {
      return readFileSync(log, 'utf8') === 'hup\n';
    } catch {
      return false;
    }
  });
  await pty.close();
  rmSync(folder, { recursive: true });
});
