import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observeOnce } from '../../../src/app/monitor/observe-once.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

test('one look has the machine, and what each service with a port says of itself', async () => {
  const deployment = await createRehearsedDeployment();
  await deployment.clock.advance(40_000);
  const looking = observeOnce(deployment.options);
  await deployment.clock.advance(1_000);
  const status = await looking;
  assert.ok((status.box?.machine.totalMiB ?? 0) > 0);
  assert.equal(status.box?.disks.length, 1);
  const healthOf = (name: string) => status.services.find(service => service.name === name)?.health;
  assert.equal(healthOf('data-api')?.answer?.mode, 'test');
  assert.equal(healthOf('ner-service'), undefined, 'it publishes no port, and nobody looks at it');
  deployment.end();
});

test('an engine that is away is told, and the machine all the same', async () => {
  const deployment = await createRehearsedDeployment();
  deployment.control.setReachable(false);
  const looking = observeOnce(deployment.options);
  await deployment.clock.advance(5_000);
  const status = await looking;
  assert.equal(status.engine.kind, 'gone');
  assert.ok((status.box?.machine.availableMiB ?? 0) > 0);
  deployment.end();
});
