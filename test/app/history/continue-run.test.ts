/** A run that broke off before it wrote anything is continued with what was chosen for it. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { continueRun } from '../../../src/app/history/continue-run.ts';
import { findInterrupted } from '../../../src/app/history/past-runs.ts';
import { firstChoices } from '../../../src/app/setup/drafting.ts';
import { followRun } from '../../../src/app/setup/start-run.ts';
import { rehearse } from '../../helpers/rehearse.ts';

it('what was left out stays out', async t => {
  const { folder, ports, drafting, read } = await rehearse(t);
  const { plan } = await drafting.draft({ ...firstChoices('test'), leftOut: ['ner-service'] });
  const journal = await ports.runs.create('20260131T120000Z-killed');
  await journal.append({ kind: 'run-started', runId: journal.runId, pid: 1, plan });
  const interrupted = await findInterrupted(ports);
  assert.equal(interrupted?.what, 'set-up of test');

  const options = {
    level: 'rehearsal',
    folder,
    presetAnswers: {},
    source: undefined,
    memoryBudgetMiB: undefined,
  } as const;
  const runId = await continueRun({ ports, drafting, options }, interrupted, 'continue');
  for await (const event of followRun(ports, runId, AbortSignal.timeout(60_000))) {
    if (event.kind === 'step-failed') assert.fail(event.error.message);
  }
  assert.match(await read('.env'), /^HOMEIQ_NER_SERVICE_ON=0$/m);
  const services = (await ports.engine.containers(undefined)).map(({ service }) => service);
  assert.equal(services.length, 15);
  assert.ok(!services.includes('ner-service'));
  assert.equal(await findInterrupted(ports), undefined);
});
