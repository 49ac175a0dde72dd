import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan } from '../../../src/core/plan/plan.ts';
import type { PastRun } from '../../../src/core/run/run-history.ts';
import { describeWayOn, listFirstWays, listWays, listWaysOn } from '../../../src/core/run/ways-on.ts';
import { planFixture } from '../../ui/wizard-fixture.ts';

const runOf = (plan: Plan): PastRun => ({
  runId: 'r',
  what: 'what it did',
  plan,
  startedAt: '2026-01-31T12:00:00.000Z',
  lastAt: '2026-01-31T12:00:01.000Z',
  end: { kind: 'interrupted', step: 'Settings written' },
  durationMs: 1000,
});
const onlySettings = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.filter(({ id }) => id === 'settings'),
});

test('a first set-up that broke off is continued only where nothing has to be typed again', () => {
  assert.deepEqual(listFirstWays(runOf(planFixture('test'))), ['continue', 'begin-again']);
  assert.deepEqual(listFirstWays(runOf(planFixture('production'))), ['begin-again']);
  assert.deepEqual(listFirstWays(runOf(onlySettings(planFixture('test')))), []);
});

test('buckets and settings that broke off are told with their way on, and nobody is asked', () => {
  const { steps: _steps, ...plan } = planFixture('test');
  const buckets = runOf({ ...plan, steps: [], buckets: { modes: ['test'] } });
  assert.deepEqual(listWays(buckets), []);
  assert.equal(describeWayOn(buckets), 'Continue: homeiq buckets');
  const settings = runOf(onlySettings(planFixture('test')));
  assert.deepEqual(listWays(settings), []);
  assert.equal(describeWayOn(settings), 'Ask for it again if it is still wanted.');
  assert.deepEqual(listWaysOn(settings), ['Ask for it again if it is still wanted.']);
});
