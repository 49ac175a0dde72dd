import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import test, { type TestContext } from 'node:test';
import { diagnose } from '../../../src/app/doctor/diagnose.ts';
import { countFindings, isAllRight } from '../../../src/core/doctor/doctor-report.ts';
import { doctorLines } from '../../../src/ui/plain/doctor.ts';
import { rehearse } from '../../helpers/rehearse.ts';

async function open(t: TestContext) {
  const deployment = await rehearse(t);
  const { ports, drafting, folder } = deployment;
  const options = {
    level: 'rehearsal',
    folder,
    presetAnswers: {},
    source: undefined,
    memoryBudgetMiB: undefined,
  } as const;
  const ask = async (change: Partial<typeof ports> = {}) => {
    const report = await diagnose(
      { ports: { ...ports, ...change }, options, drafting },
      AbortSignal.timeout(30_000),
    );
    return { report, text: doctorLines(report).join('\n') };
  };
  return { ...deployment, ask };
}

test('where nothing is set up the machine is looked at, and the way on is said', async t => {
  const { ask, folder } = await open(t);
  const { report, text } = await ask();
  assert.deepEqual(
    report.looks.map(({ name }) => name),
    ['machine'],
  );
  assert.equal(isAllRight(report), true);
  assert.ok(text.includes(`note: Nothing is set up in ${folder} yet.`), text);
});

test('each look has its findings, the problems first, and each what mends it', async t => {
  const { ask, setUp, folder } = await open(t);
  await setUp('test');
  await chmod(path.join(folder, '.env'), 0o644);
  const { report, text } = await ask();
  assert.deepEqual(
    report.looks.map(({ name }) => name),
    ['machine', 'settings', 'isolation', 'buckets', 'services'],
  );
  assert.equal(isAllRight(report), false);
  for (const { findings } of report.looks) {
    const order = findings.map(({ severity }) => severity);
    assert.deepEqual(order, order.toSorted().toReversed());
  }
  assert.match(text, /PROBLEM: .*\.env can be read by every account of this machine\.\n {4}chmod 600 /);
  assert.match(text, /PROBLEM: no service runs\.\n {4}Start it: homeiq start/);
  assert.match(text, /^Settings: 3 problems {2}\(homeiq env check\)$/m);
  // What follows from something else is no problem of its own.
  assert.match(
    text,
    /InfluxDB: 1 note {2}\(homeiq buckets --check\)\n {2}note: Not looked at: influxdb does not run\./,
  );
  const counts = `${countFindings(report, 'problem')} problems, ${countFindings(report, 'note')} note`;
  assert.equal(text.split('\n').at(-1), `Doctor: ${counts}`);
});

test('a look that cannot be taken is a finding, and keeps no other from being taken', async t => {
  const { ask, setUp, ports } = await open(t);
  await setUp('test');
  const broken = async (): Promise<never> => {
    throw new Error('Compose is broken.');
  };
  const { report, text } = await ask({ compose: { ...ports.compose, resolve: broken } });
  assert.equal(report.looks.length, 5);
  assert.match(text, /The modes kept apart: 1 problem.*\n {2}PROBLEM: .*Compose is broken\./);
  assert.match(text, /PROBLEM: no service runs\./);
});
