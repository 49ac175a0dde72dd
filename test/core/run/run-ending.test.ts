import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorReport } from '../../../src/core/error.ts';
import { initialRunState, reduceRun } from '../../../src/core/run/reduce-run.ts';
import { runExitCode } from '../../../src/core/run/run-ending.ts';
import { eventsFixture, planFixture } from '../../ui/wizard-fixture.ts';

const plan = planFixture('test');
const refusal: ErrorReport = { kind: 'user', message: 'It cannot be stopped.', nextSteps: [], exitCode: 3 };
const failedAt = [
  { kind: 'run-started', runId: 'r', pid: 1, plan },
  { kind: 'step-started', step: 'settings' },
  { kind: 'step-failed', step: 'settings', error: refusal },
] as const;

test('the exit code is that of the failed step, and 1 for what went back, also when that failed as well', () => {
  const code = (...bodies: Parameters<typeof eventsFixture>[0]) =>
    runExitCode(eventsFixture([...failedAt, ...bodies]).reduce(reduceRun, initialRunState));
  const back = { kind: 'rollback-started', plan } as const;
  assert.equal(code({ kind: 'run-finished', outcome: 'failed', changed: true }), 3);
  assert.equal(code({ kind: 'run-finished', outcome: 'stopped', changed: true }), 130);
  assert.equal(code(back, { kind: 'run-finished', outcome: 'rolled-back', changed: true }), 1);
  assert.equal(
    code(
      back,
      { kind: 'step-failed', step: 'settings', error: refusal },
      { kind: 'run-finished', outcome: 'failed', changed: true },
    ),
    1,
  );
});
