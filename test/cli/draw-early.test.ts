/** The terminal after a program that ended before its screens were loaded. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import test from 'node:test';

const alternate = '\x1b[?1049h';
const main = '\x1b[?1049l\x1b[?25h';
const source = new URL('../../src/cli/draw-early.ts', import.meta.url).href;

/** Draws early and then does `what`; what was written on the terminal, errors included, and how it ended. */
async function drawAnd(what: string) {
  const script = `
    Object.assign(process.stdout, { columns: 80, rows: 24 });
    const { drawEarly } = await import(${JSON.stringify(source)});
    const early = await drawEarly({ NO_COLOR: '1' });
    setInterval(() => {}, 1_000);
    ${what}`;
  const child = spawn(
    'sh',
    [
      '-c',
      'exec "$0" "$@" 2>&1',
      process.execPath,
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      script,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [written, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { written, code, signal };
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`${signal} gives it back, and ends the program as it always does`, async () => {
    const ended = await drawAnd(`process.kill(process.pid, '${signal}');`);
    assert.equal(ended.signal, signal);
    assert.ok(ended.written.startsWith(alternate));
    assert.ok(ended.written.endsWith(main), JSON.stringify(ended.written));
  });
}

test('an error that nobody caught is said on the terminal as it was', async () => {
  const { written, code } = await drawAnd(`Promise.reject(new Error('nobody caught it'));`);
  assert.equal(code, 1);
  const left = written.indexOf(main);
  assert.ok(left > 0 && written.indexOf('nobody caught it') > left, JSON.stringify(written));
});

test('what is handed over is given back by somebody else', async () => {
  const { written } = await drawAnd('early.handOver(); process.exit();');
  assert.ok(written.startsWith(alternate) && !written.includes(main));
});
