import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitMemory } from '../../../src/core/memory/memory-fit.ts';
import type { Plan, StepId } from '../../../src/core/plan/plan.ts';
import { describeRun } from '../../../src/core/run/describe-run.ts';
import type { RunEvent, RunEventBody } from '../../../src/core/run/journal-event.ts';
import { describeEnd, recallRun } from '../../../src/core/run/run-history.ts';

const planOf = (ids: readonly StepId[], more: Partial<Plan> = {}): Plan => ({
  version: 1,
  mode: 'test',
  level: 'sandbox',
  project: 'homeiq',
  folder: '/f',
  services: [],
  memory: fitMemory([], 8192),
  source: { kind: 'none' },
  changedKeys: [],
  steps: ids.map(id => ({ id, title: `Title of ${id}`, done: false })),
  ...more,
});

const setup: readonly StepId[] = ['settings', 'images', 'influxdb', 'services', 'verify'];

/** Events one second apart, or at the times given. */
const eventsOf = (bodies: readonly RunEventBody[], times: readonly string[] = []): readonly RunEvent[] =>
  bodies.map((body, index) => ({
    v: 1,
    seq: index + 1,
    at: times[index] ?? new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString(),
    ...body,
  }));

const started = (plan: Plan): RunEventBody => ({ kind: 'run-started', runId: 'r', pid: 1, plan });

describe('describeRun', () => {
  it('names what each kind of run is for', () => {
    const words = (ids: readonly StepId[], more: Partial<Plan> = {}) => describeRun(planOf(ids, more));
    assert.equal(words(setup), 'set-up of test');
    assert.equal(
      words(['documents', 'images', 'leave', ...setup.slice(2)], { from: 'production' }),
      'switch from production to test',
    );
    assert.equal(words(['images', 'influxdb', 'buckets', 'services', 'verify']), 'start of test');
    assert.equal(words(['stop']), 'stop');
    assert.equal(words(['stop'], { targets: ['data-api'] }), 'stop data-api');
    assert.equal(words(['stop'], { deleteData: ['homeiq_logs'] }), 'stop, deleting homeiq_logs');
    assert.equal(words(['restart'], { targets: ['a', 'b'] }), 'restart a, b');
    assert.equal(words(['start'], { targets: ['a'] }), 'start a');
    assert.equal(words(['settings']), 'settings of test');
    assert.equal(
      words(['buckets'], { buckets: { modes: ['test', 'production'] } }),
      'buckets of test and production',
    );
    assert.equal(
      words(['operator-token', 'buckets'], { buckets: { modes: ['test'], recover: 'cli' } }),
      'buckets, new operator token by cli',
    );
  });
});

describe('recallRun', () => {
  const end = (bodies: readonly RunEventBody[], isAtWork = false) => {
    const run = recallRun('r', eventsOf([started(planOf(setup)), ...bodies]), isAtWork);
    assert.ok(run !== undefined);
    return describeEnd(run.end);
  };
  const failure: RunEventBody = {
    kind: 'step-failed',
    step: 'services',
    error: { kind: 'user', message: 'down', nextSteps: [], exitCode: 1 },
  };

  it('says how each ended', () => {
    assert.equal(end([{ kind: 'run-finished', outcome: 'done', changed: true }]), 'done');
    assert.equal(
      end([{ kind: 'run-finished', outcome: 'done', changed: false }]),
      'done, nothing had to be changed',
    );
    assert.equal(
      end([
        { kind: 'step-started', step: 'services' },
        failure,
        { kind: 'run-finished', outcome: 'failed', changed: true },
      ]),
      'failed at Title of services',
    );
    assert.equal(
      end([
        { kind: 'step-started', step: 'services' },
        failure,
        { kind: 'rollback-started', plan: planOf(setup) },
        { kind: 'run-finished', outcome: 'rolled-back', changed: true },
      ]),
      'failed at Title of services, went back',
    );
    assert.equal(
      end([
        { kind: 'step-started', step: 'images' },
        { kind: 'run-finished', outcome: 'stopped', changed: false },
      ]),
      'stopped by you at Title of images',
    );
  });

  it('tells a run at work from one whose worker died', () => {
    const open: readonly RunEventBody[] = [{ kind: 'step-started', step: 'influxdb' }];
    assert.equal(end(open, true), 'at work at Title of influxdb');
    assert.equal(end(open, false), 'interrupted at Title of influxdb');
    assert.equal(end([]), 'interrupted');
  });

  it('has no negative duration when the clock is set back in the middle', () => {
    const bodies: readonly RunEventBody[] = [
      started(planOf(setup)),
      { kind: 'step-started', step: 'settings' },
      { kind: 'step-finished', step: 'settings', changed: true, summary: '', durationMs: 1500 },
      { kind: 'step-started', step: 'images' },
      { kind: 'step-finished', step: 'images', changed: true, summary: '', durationMs: -3_600_000 },
      { kind: 'run-finished', outcome: 'done', changed: true },
    ];
    const times = ['12:00:00', '12:00:00', '12:00:01', '12:00:02', '11:00:02', '11:00:03'];
    const run = recallRun(
      'r',
      eventsOf(
        bodies,
        times.map(time => `2026-01-01T${time}.000Z`),
      ),
      false,
    );
    assert.equal(run?.durationMs, 1500);
  });

  it('knows nothing of a journal without a beginning', () => {
    assert.equal(recallRun('r', [], false), undefined);
    const events = eventsOf([{ kind: 'step-started', step: 'images' }]);
    assert.equal(recallRun('r', events, false), undefined);
  });
});
