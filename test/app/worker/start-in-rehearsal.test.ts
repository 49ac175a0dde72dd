/** Start, stop, history and what was interrupted, on the rehearsal: real files, journals and lock; no engine. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findInterrupted, findLastRun, listPastRuns } from '../../../src/app/history/past-runs.ts';
import { firstChoices } from '../../../src/app/setup/drafting.ts';
import { startAction } from '../../../src/app/setup/plan-action.ts';
import { startRecorded } from '../../../src/app/setup/plan-start.ts';
import { documentsOf, followRun, startRun } from '../../../src/app/setup/start-run.ts';
import { findRunToAttach } from '../../../src/cli/attach.ts';
import { createRehearsalPorts } from '../../../src/cli/rehearsal-ports.ts';
import { UserError } from '../../../src/core/error.ts';
import type { RunEvent } from '../../../src/core/run/journal-event.ts';
import { describeEnd } from '../../../src/core/run/run-history.ts';
import { rehearseDrafting } from '../../helpers/rehearse.ts';
import { until } from '../../helpers/until.ts';

const options = { memoryBudgetMiB: undefined };

const programFolder = path.resolve(import.meta.dirname, '../../..');

async function createRehearsal() {
  const folder = await mkdtemp(path.join(tmpdir(), 'homeiq-test-'));
  const level = 'rehearsal';
  const ports = createRehearsalPorts({ level, folder, programFolder, version: '0.0.0', environment: {} });
  const drafting = rehearseDrafting(ports);
  const follow = async (runId: string): Promise<readonly RunEvent[]> => {
    const events: RunEvent[] = [];
    for await (const event of followRun(ports, runId, AbortSignal.timeout(60_000))) events.push(event);
    return events;
  };
  const endOf = (events: readonly RunEvent[]) => {
    const last = events.at(-1);
    assert.ok(last?.kind === 'run-finished', JSON.stringify(last));
    return last;
  };
  return {
    ports,
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
    setUp: async () => {
      const drafted = await drafting.draft(firstChoices('test'));
      return endOf(
        await follow(await startRun(ports, { ...documentsOf(drafted), plan: drafted.plan, mode: 'test' })),
      );
    },
    stop: async () => endOf(await follow(await startAction(ports, drafting, { kind: 'stop' }))),
    start: async () => follow(await startRecorded(ports, options)),
    endOf,
  };
}

/** Cuts the journal of the newest run after its event `step-started` of `step`, as a `kill -9` there would. */
async function cutJournal(folder: string, step: string): Promise<void> {
  const runs = path.join(folder, '.homeiq', 'runs');
  const name =
    (await readdir(runs))
      .filter(file => file.endsWith('.jsonl'))
      .toSorted()
      .at(-1) ?? '';
  const lines = (await readFile(path.join(runs, name), 'utf8')).split('\n');
  const at = lines.findIndex(line => line.includes(`"kind":"step-started","step":"${step}"`));
  await writeFile(path.join(runs, name), `${lines.slice(0, at + 1).join('\n')}\n`);
}

describe('start, stop and history in the rehearsal', () => {
  let rehearsal: Awaited<ReturnType<typeof createRehearsal>>;
  before(async () => {
    rehearsal = await createRehearsal();
  });
  after(() => rehearsal.remove());

  it('without a deployment there is nothing to start, and nothing was done', async () => {
    const { ports } = rehearsal;
    await assert.rejects(
      startRecorded(ports, options),
      (thrown: unknown) => thrown instanceof UserError && thrown.exitCode === 4,
    );
    assert.deepEqual(await listPastRuns(ports), []);
  });

  it('a set-up whose worker was killed is named with its step until a later run has come to an end', async () => {
    const { ports, folder, setUp, start } = rehearsal;
    assert.equal((await setUp()).outcome, 'done');
    assert.equal(await findInterrupted(ports), undefined);
    await cutJournal(folder, 'services');
    const interrupted = await findInterrupted(ports);
    assert.equal(interrupted?.what, 'set-up of test');
    assert.deepEqual(interrupted?.end, { kind: 'interrupted', step: 'Services' });
    await start();
    assert.equal(await findInterrupted(ports), undefined);
    assert.equal((await findLastRun(ports))?.what, 'start of test');
  });

  it('a stop and a start bring back what was there, and a second start changes nothing', async () => {
    const { ports, stop, start, endOf } = rehearsal;
    const before = await ports.files.readEnv();
    assert.equal((await stop()).changed, true);

    const started = await start();
    assert.equal(endOf(started).outcome, 'done');
    assert.equal(endOf(started).changed, true);
    assert.deepEqual(
      started.flatMap(event => (event.kind === 'step-started' ? [event.step] : [])),
      ['images', 'audit', 'influxdb', 'buckets', 'services', 'verify'],
    );
    assert.equal(await ports.files.readEnv(), before);
    assert.equal(endOf(await start()).changed, false);

    const past = await listPastRuns(ports);
    assert.deepEqual(
      past.slice(0, 3).map(({ what, end }) => `${what}: ${describeEnd(end)}`),
      ['start of test: done, nothing had to be changed', 'start of test: done', 'stop: done'],
    );
    assert.ok(past.every(({ durationMs }) => durationMs >= 0));
  });

  it('nothing at work: attach says how the last run ended', async () => {
    const { ports, folder } = rehearsal;
    // The lock is released after the last event of the run.
    await until(async () => (await ports.lock.holder()) === undefined);
    await assert.rejects(findRunToAttach({ ...ports, folder }, undefined), (thrown: unknown) => {
      assert.ok(thrown instanceof UserError);
      assert.equal(thrown.exitCode, 4);
      assert.match(thrown.hint ?? '', /start of test.*: done, nothing had to be changed\.$/);
      return true;
    });
  });

  it('a start makes nothing: a token that is not there is named, with the command that makes it', async () => {
    const { ports, stop, start, endOf } = rehearsal;
    await stop();
    const text = ((await ports.files.readEnv()) ?? '').replace(/^INFLUXDB_TOKEN=.*$/m, 'INFLUXDB_TOKEN=');
    await ports.files.writeEnv(text);
    await ports.files.writeModeEnv('test', text);
    const events = await start();
    assert.equal(endOf(events).outcome, 'failed');
    const failed = events.find(event => event.kind === 'step-failed');
    assert.ok(failed?.kind === 'step-failed' && failed.step === 'buckets');
    assert.match(failed.error.nextSteps.join(), /homeiq setup --mode test --yes/);
  });

  it('a start does not join a switch that was interrupted while it wrote the settings', async () => {
    const { ports } = rehearsal;
    const record = await ports.files.readRecord();
    assert.ok(record !== undefined);
    await ports.files.writeRecord({ ...record, nextMode: 'production' });
    await assert.rejects(startRecorded(ports, options), (thrown: unknown) => {
      assert.ok(thrown instanceof UserError);
      assert.equal(thrown.exitCode, 3);
      assert.match(thrown.nextSteps.join(), /homeiq switch production.*homeiq switch test/);
      return true;
    });
  });
});
