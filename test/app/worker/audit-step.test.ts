/** A stack that does not keep the modes apart is not started; `homeiq audit` says the same. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { auditDeployment } from '../../../src/app/isolation/audit-deployment.ts';
import { documentsOf } from '../../../src/app/setup/start-run.ts';
import { openRun } from '../../../src/app/worker/host-run.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { auditLines } from '../../../src/ui/plain/audit.ts';
import { rehearse } from '../../helpers/rehearse.ts';
import type { RawModel } from '../../helpers/stack-mutations.ts';

/** What Compose resolves with a compose.override.yaml that gives data-api another bucket. */
const withBucket = (ports: Ports, bucket: string): Ports => ({
  ...ports,
  compose: {
    ...ports.compose,
    resolve: async (target, signal) => {
      const model = structuredClone(await ports.compose.resolve(target, signal)) as RawModel;
      const service = model.services['data-api'];
      if (service !== undefined) service.environment = { ...service.environment, INFLUXDB_BUCKET: bucket };
      return model;
    },
  },
});

it("a test set-up with production's bucket in a service stops at the audit, with nothing started", async t => {
  const { draft, ports } = await rehearse(t);
  const drafted = await draft('test');
  const broken = withBucket(ports, 'home_assistant_events');
  const request = { ...documentsOf(drafted), runId: 'broken', plan: drafted.plan, mode: 'test' as const };
  const { signal } = new AbortController();
  const run = await openRun(broken, request);
  assert.equal(await run({ pid: process.pid, signal }), 'failed');
  const failed = (await ports.runs.read('broken')).find(event => event.kind === 'step-failed');
  assert.ok(failed !== undefined);
  assert.equal(failed.step, 'audit');
  assert.equal(failed.error.exitCode, 3);
  assert.equal(
    failed.error.message,
    'data-api has INFLUXDB_BUCKET="home_assistant_events", which is a bucket of production mode.',
  );
  const place = 'compose.yaml or compose.override.yaml: services.data-api.environment.INFLUXDB_BUCKET';
  assert.ok(failed.error.hint?.startsWith(place), failed.error.hint);
  assert.deepEqual(failed.error.nextSteps, ['All of it: homeiq audit --mode test']);
  assert.deepEqual(await ports.engine.containers(undefined), []);

  const lines = auditLines(await auditDeployment(broken, undefined, signal));
  assert.equal(lines[0], 'Audit of TEST: 1 error, 0 warnings');
  assert.equal(lines[2]?.trim(), place);
});

it('a deployment as the program makes it has no finding, and nothing is audited where there is none', async t => {
  const { setUp, ports } = await rehearse(t);
  const { signal } = new AbortController();
  await assert.rejects(auditDeployment(ports, undefined, signal), { exitCode: 4 });
  await setUp('test');
  assert.deepEqual(auditLines(await auditDeployment(ports, undefined, signal)), [
    'Audit of TEST: nothing found',
  ]);
  await assert.rejects(auditDeployment(ports, 'production', signal), /no settings of production mode/);
});
