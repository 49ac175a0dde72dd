import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstChoices } from '../../../src/app/setup/drafting.ts';
import { reportError, UserError } from '../../../src/core/error.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import type { RunEventBody } from '../../../src/core/run/journal-event.ts';
import { initialRunState, reduceRun } from '../../../src/core/run/reduce-run.ts';
import { errorDocument, errorLines } from '../../../src/ui/plain/error.ts';
import { describePlan } from '../../../src/ui/plain/plan.ts';
import { createRunPrinter } from '../../../src/ui/plain/run.ts';
import { assertGolden } from '../golden.ts';
import {
  draftFixture,
  eventsFixture,
  failingBodies,
  planFixture,
  runBodies,
  runEndBodies,
  switchPlanFixture,
} from '../wizard-fixture.ts';

function printed(bodies: readonly RunEventBody[]): readonly string[] {
  const print = createRunPrinter();
  let state = initialRunState;
  return eventsFixture(bodies).flatMap(event => {
    state = reduceRun(state, event);
    return print(state, event);
  });
}

const plan = planFixture('test', { leftOut: ['ner-service'] });

test('a run from its first line to its last', () => {
  assertGolden('plain-run', printed([...runBodies(plan), ...runEndBodies(plan)]).join('\n'));
});

test('a run that fails says what was seen, what it means, what to do and where the log is', () => {
  assertGolden('plain-run-failed', printed(failingBodies(plan)).join('\n'));
});

test('progress within a phase is told once', () => {
  const service = (detail: string): RunEventBody => ({
    kind: 'service',
    service: 'data-api',
    phase: 'starting',
    detail,
  });
  const lines = printed([
    { kind: 'run-started', runId: 'r', pid: 1, plan },
    service('probe 1'),
    service('probe 2'),
    service('probe 3'),
    { kind: 'service', service: 'data-api', phase: 'healthy' },
  ]);
  assert.equal(lines.filter(text => text.includes('data-api')).length, 2);
});

test('no escape sequence of a service or of Compose gets through', () => {
  const lines = printed([
    { kind: 'run-started', runId: 'r', pid: 1, plan },
    { kind: 'step-detail', step: 'images', text: 'pulling\x1b[2J\x9b1m done\x07' },
  ]);
  assert.equal(lines.at(-1), '  pulling done');
});

test('the preview of a switch in lines', () => {
  const change = switchPlanFixture('production');
  assertGolden(
    'plain-plan-switch',
    describePlan(change, [], { commands: ['docker compose stop a', 'docker compose up -d'] }).join('\n'),
  );
});

test('a switch names every changed key, and so does a plan that changes few of a new .env', () => {
  const [first] = draftFixture(firstChoices('test')).settings;
  assert.ok(first !== undefined);
  const { field } = first;
  const keys = Array.from({ length: 30 }, (_, index) => `KEY_${index}`);
  const draftedOf = (names: readonly string[]) => ({
    settings: names.map(key => ({
      field: { ...field, key, defaultValue: 'x' },
      value: 'x',
      origin: 'default' as const,
      problem: undefined,
    })),
    envChanges: names.map(key => ({ key, isSecret: false, before: undefined, after: 'x' })),
  });
  const settings = (of: Plan, names: readonly string[]): string | undefined =>
    describePlan({ ...of, changedKeys: names }, [], { drafted: draftedOf(names) }).find(text =>
      text.startsWith('Settings: '),
    );
  assert.match(
    settings(switchPlanFixture('production'), keys) ?? '',
    /30 keys of \.env change: KEY_0, .*KEY_29$/,
  );
  assert.match(settings(plan, keys.slice(0, 3)) ?? '', /3 keys of \.env change: KEY_0, KEY_1, KEY_2$/);
  assert.equal(
    settings(plan, keys),
    'Settings: 30 keys of .env change, 30 of them to what the template says.',
  );
});

test('a plan in lines', () => {
  assertGolden(
    'plain-plan',
    describePlan(plan, ['ner-service is left out: said above.', 'A note.']).join('\n'),
  );
  assertGolden(
    'plain-plan-too-much',
    describePlan(planFixture('production', { budgetMiB: 6000 }), []).join('\n'),
  );
});

test('an error in lines and as a document', () => {
  const report = reportError(
    new UserError('Port 8086 is used by influxd (pid 812).', {
      hint: 'Another InfluxDB runs on this machine.',
      nextSteps: ['Stop it, or set INFLUXDB_PORT.'],
      exitCode: 3,
    }),
  );
  assert.deepEqual(errorLines(report), [
    'Error: Port 8086 is used by influxd (pid 812).',
    '  Means: Another InfluxDB runs on this machine.',
    '  To do 1: Stop it, or set INFLUXDB_PORT.',
  ]);
  assert.deepEqual(errorDocument(report).error.exitCode, 3);
});
