/** The production mode in a sandbox: all 22 services, with the stand-in of the operator's Home Assistant. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createDeployment, skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { readInfluxFacts } from '../helpers/influx-facts.ts';
import { endOf, readEvents, stepTimes } from '../helpers/run-events.ts';

describe('the production mode in a sandbox', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;

  before(async () => {
    deployment = await createDeployment('new');
  });
  after(() => deployment?.remove());

  it('setup ends with 22 healthy services and the stand-in of Home Assistant', async t => {
    const { exitCode, stdout, stderr } = await deployment.run([
      ...['setup', '--mode', 'production', '--sandbox', '--yes', '--json'],
    ]);
    assert.equal(exitCode, 0, stderr + stdout);
    const events = readEvents(stdout);
    t.diagnostic(stepTimes(events));
    assert.equal(endOf(events).outcome, 'done');
    const containers = await deployment.containers();
    assert.deepEqual(
      containers.filter(({ state, health }) => state !== 'running' || health !== 'healthy'),
      [],
    );
    const names = containers.map(({ service }) => service);
    assert.equal(names.filter(name => name !== 'operator-home-assistant').length, 22);
    assert.equal(names.length, 23);
    assert.deepEqual(
      names.filter(name => name.endsWith('-test')),
      [],
    );
  });

  it("makes the mode's org and buckets, and nothing of the other mode", async () => {
    const facts = await readInfluxFacts(deployment.folder, deployment.portOf('influxdb'), 'homeiq');
    assert.deepEqual(facts.orgs, ['homeiq']);
    assert.deepEqual(facts.buckets.map(({ name, days }) => `${name} ${days} d`).toSorted(), [
      'home_assistant_events 30 d',
      'pattern_aggregates_daily 30 d',
      'pattern_aggregates_weekly 30 d',
      'weather_data 30 d',
    ]);
    assert.deepEqual(
      facts.tokens['homeiq-setup/production/rw']?.toSorted(),
      facts.buckets.flatMap(({ id }) => [`read buckets ${id}`, `write buckets ${id}`]).toSorted(),
    );
    const ids = (await deployment.containers()).map(({ id }) => id);
    const environment = await docker(['inspect', '--format', '{{json .Config.Env}}', ...ids]);
    assert.doesNotMatch(environment, /DEPLOYMENT_MODE=test|homeiq-test|_events_test/);
  });

  it('is healthy by its own word, with points arriving', async () => {
    const { exitCode, stdout, stderr } = await deployment.run(['status', '--json'], { isPreset: false });
    assert.equal(exitCode, 0, stderr + stdout);
    const status = JSON.parse(stdout);
    assert.equal(status.mode, 'production');
    assert.equal(status.data.bucket, 'home_assistant_events');
    assert.ok(status.data.pointsPerMinute > 0, stdout);
  });
});
