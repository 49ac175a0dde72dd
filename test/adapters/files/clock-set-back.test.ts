import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLock } from '../../../src/adapters/files/lock.ts';
import { createRuns } from '../../../src/adapters/files/runs.ts';
import { listPastRuns } from '../../../src/app/history/past-runs.ts';
import { fitMemory } from '../../../src/core/memory/memory-fit.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { makeRunId } from '../../../src/core/run/run-id.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const plan: Plan = {
  version: 1,
  mode: 'test',
  level: 'sandbox',
  project: 'homeiq',
  folder: '/f',
  services: [],
  memory: fitMemory([], 8192),
  source: { kind: 'none' },
  changedKeys: [],
  steps: [{ id: 'stop', title: 'Stop the services', done: false }],
};

const noon = Date.parse('2026-06-01T12:00:00.000Z');
const hourMs = 3_600_000;

test('a clock that is set back by a day: the new run is the newest, is not forgotten, and no time is negative', async t => {
  const folder = temporaryFolder(t);
  let nowMs = noon;
  const runs = createRuns(folder, { now: () => new Date(nowMs) });
  const ids: string[] = [];
  const runOnce = async (backMs: number): Promise<void> => {
    const id = makeRunId(new Date(nowMs), await runs.list(), `r${ids.length}`);
    const journal = await runs.create(id);
    await journal.append({ kind: 'run-started', runId: id, pid: 1, plan });
    nowMs += 1000 - backMs;
    await journal.append({ kind: 'run-finished', outcome: 'done', changed: true });
    ids.push(id);
  };
  for (let count = 0; count < 50; count += 1) await runOnce(0);
  await runOnce(24 * hourMs);
  await runOnce(0);
  assert.deepEqual((await runs.list()).slice(0, 3), ids.toReversed().slice(0, 3));
  const past = await listPastRuns({ runs, lock: createLock(folder) });
  assert.deepEqual(
    past.map(({ runId }) => runId),
    ids.toReversed().slice(0, 50),
  );
  assert.ok(past.every(({ durationMs }) => durationMs >= 0));
  assert.ok(Date.parse(past[0]?.startedAt ?? '') < noon, 'the history tells what the clock said');
});
