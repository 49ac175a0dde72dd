import assert from 'node:assert/strict';
import test from 'node:test';
import { readArguments } from '../../src/cli/arguments.ts';
import { runLogs } from '../../src/cli/logs.ts';
import type { Session } from '../../src/cli/session.ts';
import { UserError } from '../../src/core/error.ts';
import { createRehearsedDeployment } from '../helpers/rehearsed-deployment.ts';

/** `homeiq logs` on the rehearsed engine, after a minute. */
async function setUp() {
  const deployment = await createRehearsedDeployment();
  await deployment.clock.advance(60_000);
  const { engine, clock, compose } = deployment;
  const files = { folder: '/f', readRecord: async () => ({ project: 'homeiq', mode: 'test' }) };
  const session = { ports: { engine, clock, compose, files } } as unknown as Session;
  const run = async (...args: readonly string[]) => {
    const printed: string[] = [];
    const warned: string[] = [];
    const io = { print: (text: string) => printed.push(text), warn: (text: string) => warned.push(text) };
    const exitCode = await runLogs(
      session,
      readArguments(['logs', ...args]),
      { print: text => void io.print(text), warn: text => void io.warn(text) },
      new AbortController().signal,
    );
    return { exitCode, printed, warned };
  };
  return { logs: run, deployment };
}

test('one service, several or all; the names line up, the times are in order', async () => {
  const { logs } = await setUp();
  const one = await logs('data-api', '--utc');
  assert.equal(one.exitCode, 0);
  assert.ok(one.printed.length > 5);
  for (const text of one.printed) assert.match(text, /^2026-01-05T12:\d\d:\d\d\.\d{3}Z data-api \S/);
  const all = await logs('--utc', '--lines', '3');
  const times = all.printed.map(text => text.slice(0, 24));
  assert.deepEqual(times, times.toSorted());
  assert.ok(new Set(all.printed.map(text => text.split(/ +/)[1])).size >= 16);
  assert.equal(all.printed.length, 3 * 16);
});

test('level, text, time and number narrow it down; JSON says the same', async () => {
  const { logs } = await setUp();
  const warnings = await logs('--level', 'warn');
  assert.ok(warnings.printed.length > 3 && warnings.printed.every(text => text.includes('WARNING')));
  const found = await logs('--grep', 'CACHE');
  assert.ok(found.printed.length > 3 && found.printed.every(text => text.includes('cache:')));
  const recent = await logs('--since', '5s', '--utc');
  assert.ok(recent.printed.length > 3);
  assert.ok(recent.printed.every(text => text >= '2026-01-05T12:00:55'));
  const documents = (await logs('ner-service', '--json', '--lines', '2')).printed.map(text =>
    JSON.parse(text),
  );
  assert.equal(documents.length, 2);
  assert.deepEqual(
    [documents[0].version, documents[0].service, documents[0].stream],
    [1, 'ner-service', 'stdout'],
  );
  assert.equal(documents[0].text, documents[0].line);
});

test('a wrong name names the nearest; a service without a container is said, and is a failure when it is alone', async () => {
  const { logs, deployment } = await setUp();
  await assert.rejects(
    logs('data-apii'),
    (error: unknown) =>
      error instanceof UserError && error.exitCode === 2 && error.hint === 'Did you mean data-api?',
  );
  const { control, idOf } = deployment;
  control.remove(await idOf('data-api'));
  const gone = await logs('data-api');
  assert.deepEqual([gone.exitCode, gone.printed, gone.warned], [1, [], ['data-api has no container.']]);
  const both = await logs('data-api', 'admin-api');
  assert.deepEqual([both.exitCode, both.warned], [0, ['data-api has no container.']]);
  assert.ok(both.printed.length > 0);
  for (const [args, says] of [
    [['--since', 'ten'], '--since takes'],
    [['--level', 'warm'], 'There is no level warm'],
    [['--lines', '-1'], '--lines'],
  ] as const) {
    assert.throws(() => readArguments(['logs', ...args]), new RegExp(says));
  }
});
