import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEventBody } from '../../../src/core/run/journal-event.ts';
import {
  blockingStep,
  initialRunState,
  isRunOver,
  logLength,
  markRunLost,
  type RunState,
  reduceRun,
} from '../../../src/core/run/reduce-run.ts';
import {
  eventsFixture,
  failingBodies,
  planFixture,
  runBodies,
  runEndBodies,
} from '../../ui/wizard-fixture.ts';

const fold = (bodies: readonly RunEventBody[]): RunState =>
  eventsFixture(bodies).reduce(reduceRun, initialRunState);
const plan = planFixture('test');

test('a run under way knows each step, each service and each image', () => {
  const state = fold(runBodies(plan));
  assert.equal(state.status, 'running');
  assert.equal(state.runId, '20261102-140000-setup');
  assert.deepEqual(
    state.steps.map(step => step.status),
    ['done', 'done', 'done', 'done', 'done', 'running', 'pending'],
  );
  assert.equal(state.steps[1]?.durationMs, 22_400);
  assert.equal(state.steps[2]?.detail, 'waiting: connection refused');
  assert.deepEqual(
    state.services.map(({ name, phase }) => [name, phase]),
    [
      ['influxdb', 'healthy'],
      ['openvino-service', 'starting'],
      ['ai-automation-service', 'waiting'],
    ],
  );
  assert.equal(state.images[0]?.phase, 'pulling');
  assert.equal(isRunOver(state), false);
});

test('a finished run keeps its summary and whether anything was changed', () => {
  const state = fold([...runBodies(plan), ...runEndBodies(plan)]);
  assert.equal(state.status, 'done');
  assert.equal(state.changed, true);
  assert.equal(state.summary?.addresses.length, 3);
  assert.equal(isRunOver(state), true);
  assert.equal(blockingStep(state), undefined);
});

test('the failed step is the one that blocks, with its error', () => {
  const state = fold(failingBodies(plan));
  assert.equal(state.status, 'failed');
  assert.equal(blockingStep(state)?.id, 'influxdb');
  assert.match(blockingStep(state)?.error?.message ?? '', /does not listen/);
});

test('a run that goes back shows the way back, and keeps what made it go back', () => {
  const back = { ...plan, mode: 'test', from: 'production' } as const;
  const failed = failingBodies({ ...plan, mode: 'production', from: 'test' });
  const started = fold([...failed.slice(0, -1), { kind: 'rollback-started', plan: back }]);
  assert.equal(started.status, 'running');
  assert.equal(started.plan?.mode, 'test');
  assert.ok(started.steps.every(({ status }) => status === 'pending'));
  assert.equal(started.abandoned?.plan.mode, 'production');
  const over = fold([
    ...failed.slice(0, -1),
    { kind: 'rollback-started', plan: back },
    { kind: 'run-finished', outcome: 'rolled-back', changed: true },
  ]);
  assert.deepEqual([over.status, isRunOver(over)], ['rolled-back', true]);
  assert.equal(blockingStep(over)?.id, 'influxdb');
  assert.match(blockingStep(over)?.error?.message ?? '', /does not listen/);
});

test('a journal that is read again from its beginning changes nothing', () => {
  const events = eventsFixture(runBodies(plan));
  const once = events.reduce(reduceRun, initialRunState);
  assert.equal(events.reduce(reduceRun, once), once);
});

test('a service keeps the time since when it is in its phase, whatever it says meanwhile', () => {
  const bodies: readonly RunEventBody[] = [
    { kind: 'run-started', runId: 'r', pid: 1, plan },
    { kind: 'service', service: 'data-api', phase: 'starting', detail: 'probe 1' },
    { kind: 'service', service: 'data-api', phase: 'starting', detail: 'probe 2' },
  ];
  const state = fold(bodies);
  assert.equal(state.services[0]?.since, eventsFixture(bodies)[1]?.at);
  assert.equal(state.services[0]?.detail, 'probe 2');
});

test('a run whose worker is gone is lost, a finished one stays finished', () => {
  assert.equal(markRunLost(fold(runBodies(plan))).status, 'lost');
  const done = fold([...runBodies(plan), ...runEndBodies(plan)]);
  assert.equal(markRunLost(done), done);
});

test('the log stays bounded', () => {
  const bodies = Array.from(
    { length: logLength + 50 },
    (_, index): RunEventBody => ({ kind: 'step-detail', step: 'images', text: `line ${index}` }),
  );
  const state = fold(bodies);
  assert.equal(state.log.length, logLength);
  assert.equal(state.log.at(-1)?.text, `line ${logLength + 49}`);
});
