import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createLock } from '../../../src/adapters/files/lock.ts';
import { createRuns } from '../../../src/adapters/files/runs.ts';
import { runProcess } from '../../../src/adapters/process/run-process.ts';
import { UserError } from '../../../src/core/error.ts';
import type { RunEvent, RunEventBody } from '../../../src/core/run/journal-event.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { until } from '../../helpers/until.ts';

const detail = (text: string): RunEventBody => ({ kind: 'step-detail', step: 'images', text });
const finished: RunEventBody = { kind: 'run-finished', outcome: 'done', changed: true };
const never = new AbortController().signal;

function setUp(t: TestContext, pollIntervalMs = 20) {
  const folder = temporaryFolder(t);
  return {
    folder,
    runs: createRuns(folder, { pollIntervalMs, now: () => new Date('2026-01-02T03:04:05.678Z') }),
    lock: createLock(folder),
    journal: (runId: string): string => join(folder, '.homeiq/runs', `${runId}.jsonl`),
  };
}

/** Follows in the background. */
function collect(events: AsyncIterable<RunEvent>) {
  const seen: RunEvent[] = [];
  const done = (async () => {
    for await (const event of events) seen.push(event);
  })();
  return { seen, done };
}

test('events are numbered, dated lines that only the owner may read', async t => {
  const { runs, journal } = setUp(t);
  const run = await runs.create('run-1');
  await Promise.all([run.append(detail('a')), run.append(detail('b')), run.append(finished)]);
  assert.equal(
    readFileSync(journal('run-1'), 'utf8'),
    '{"v":1,"seq":1,"at":"2026-01-02T03:04:05.678Z","kind":"step-detail","step":"images","text":"a"}\n' +
      '{"v":1,"seq":2,"at":"2026-01-02T03:04:05.678Z","kind":"step-detail","step":"images","text":"b"}\n' +
      '{"v":1,"seq":3,"at":"2026-01-02T03:04:05.678Z","kind":"run-finished","outcome":"done","changed":true}\n',
  );
  assert.equal(statSync(journal('run-1')).mode & 0o777, 0o600);
  assert.deepEqual(
    (await runs.read('run-1')).map(({ seq }) => seq),
    [1, 2, 3],
  );
  await assert.rejects(runs.create('run-1'), UserError);
});

test('the last fifty runs are kept, with their logs; the newest comes first', async t => {
  const { runs, folder } = setUp(t);
  assert.deepEqual(await runs.list(), []);
  mkdirSync(join(folder, '.homeiq/runs'), { recursive: true });
  for (let index = 100; index < 155; index++) {
    writeFileSync(join(folder, `.homeiq/runs/2026-${index}.jsonl`), '');
    writeFileSync(join(folder, `.homeiq/runs/2026-${index}.log`), '');
  }
  await runs.create('2026-155');
  const list = await runs.list();
  assert.equal(list.length, 50);
  assert.equal(list[0], '2026-155');
  assert.equal(list.at(-1), '2026-106');
  assert.equal(readdirSync(join(folder, '.homeiq/runs')).length, 99);
});

test('an id that is no file name, and a run that is not there', async t => {
  const { runs } = setUp(t);
  for (const id of ['../x', '', 'a/b', '.hidden', 'x'.repeat(200)]) {
    await assert.rejects(runs.create(id), UserError);
    await assert.rejects(async () => runs.read(id), UserError);
  }
  await assert.rejects(runs.read('none'), /There is no run none/);
  await assert.rejects(collect(runs.follow('none', never)).done, /There is no run none/);
});

test('a last line that is cut or damaged is skipped; a damaged one before it is an error', async t => {
  const { runs, journal } = setUp(t);
  const run = await runs.create('run-1');
  await run.append(detail('a'));
  appendFileSync(journal('run-1'), '{"v":1,"seq":2,');
  assert.equal((await runs.read('run-1')).length, 1);
  appendFileSync(journal('run-1'), '\0\0\0\n');
  assert.equal((await runs.read('run-1')).length, 1);
  appendFileSync(journal('run-1'), '{}\n');
  await assert.rejects(runs.read('run-1'), /Line 2 of .* cannot be read: it is not JSON/);
});

test('hostile journals end in an error, not in a hang', async t => {
  const { runs, journal, folder } = setUp(t);
  await runs.create('run-1');
  writeFileSync(journal('run-1'), 'x'.repeat(5 * 1024 * 1024));
  await assert.rejects(runs.read('run-1'), /over 4 MiB long/);
  writeFileSync(journal('run-1'), '{"v":2}\n{"v":2}\n');
  await assert.rejects(runs.read('run-1'), /newer homeiq/);
  await runProcess('mkfifo', [join(folder, '.homeiq/runs/pipe.jsonl')]);
  await assert.rejects(runs.read('pipe'), /not a regular file/);
});

test('a follower gets what is there and what comes, until the run is finished', async t => {
  // A poll as slow as this one never comes: the file system alone wakes the follower.
  const { runs, lock } = setUp(t, 60_000);
  await lock.take('run-1');
  const run = await runs.create('run-1');
  await run.append(detail('before'));
  const { seen, done } = collect(runs.follow('run-1', never));
  await until(() => seen.length === 1);
  await run.append(detail('after'));
  await until(() => seen.length === 2);
  await run.append(finished);
  await done;
  assert.deepEqual(
    seen.map(({ seq }) => seq),
    [1, 2, 3],
  );
  await lock.release();
});

const lineAt = '2026-01-02T03:04:05.678Z';

test('a line that comes in two pieces is one event', async t => {
  const { runs, lock, journal } = setUp(t);
  await lock.take('run-1');
  await runs.create('run-1');
  const { seen, done } = collect(runs.follow('run-1', never));
  const line = `${JSON.stringify({ v: 1, seq: 1, at: lineAt, ...detail('größe') })}\n`;
  const bytes = Buffer.from(line);
  const cut = bytes.indexOf(0xc3) + 1;
  appendFileSync(journal('run-1'), bytes.subarray(0, cut));
  appendFileSync(journal('run-1'), bytes.subarray(cut));
  await until(() => seen.length === 1);
  assert.deepEqual(seen[0], { v: 1, seq: 1, at: lineAt, ...detail('größe') });
  await lock.release();
  await done;
});

test('following ends when the holder of the lock is gone, with all that it wrote', async t => {
  const { runs, lock } = setUp(t);
  await lock.take('run-1');
  const run = await runs.create('run-1');
  const { seen, done } = collect(runs.follow('run-1', never));
  await run.append(detail('last words'));
  await lock.release();
  await done;
  assert.equal(seen.length, 1);
});

test('following ends with its signal', async t => {
  const { runs, lock } = setUp(t, 60_000);
  await lock.take('run-1');
  await runs.create('run-1');
  const controller = new AbortController();
  const { done } = collect(runs.follow('run-1', controller.signal));
  controller.abort();
  await done;
  await lock.release();
});

test('two thousand events arrive in order while they are written', async t => {
  const { runs, lock } = setUp(t);
  await lock.take('run-1');
  const run = await runs.create('run-1');
  const { seen, done } = collect(runs.follow('run-1', never));
  for (let index = 0; index < 2000; index++) await run.append(detail(`line ${index}`));
  await run.append(finished);
  await done;
  assert.deepEqual(
    seen.map(({ seq }) => seq),
    Array.from({ length: 2001 }, (_, index) => index + 1),
  );
  await lock.release();
});
