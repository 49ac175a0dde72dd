/** A token that was deleted in InfluxDB, on a real engine: a new one is made, and who runs with the old one gets it. */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { authorizationDescription } from '../../src/core/buckets/authorization.ts';
import { exitCodes } from '../../src/core/error.ts';
import type { BucketsAnswer } from '../helpers/bucket-deployment.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { valuesOfText } from '../helpers/env-text.ts';
import { assertRuns, createRunningSandbox } from '../helpers/small-sandbox.ts';
import { until } from '../helpers/until.ts';

describe('A token of the services that is gone', {
  skip: skipWithoutSandbox('new'),
  timeout: 400_000,
}, () => {
  let deployment: TestDeployment;
  const engine = createEngine({ environment: process.env });
  const buckets = async (...args: readonly string[]) => {
    const { exitCode, stdout } = await deployment.run(['buckets', '--json', ...args], { isPreset: false });
    return { exitCode, document: JSON.parse(stdout) as BucketsAnswer['document'] };
  };
  const storedToken = async (): Promise<string> =>
    valuesOfText(await deployment.read('.env')).INFLUXDB_TOKEN ?? '';
  /** The token in the environment of each running service that has one. */
  const heldTokens = async (): Promise<Readonly<Record<string, string>>> =>
    Object.fromEntries(
      (await engine.containers(deployment.project)).flatMap(({ service, environment }) =>
        environment.INFLUXDB_TOKEN === undefined ? [] : [[service, environment.INFLUXDB_TOKEN] as const],
      ),
    );

  before(async () => {
    deployment = await createRunningSandbox('new');
  });
  after(() => deployment?.remove());

  test('is named, replaced, and given to the services that run with the old one; the others stay as they are', async () => {
    const old = await storedToken();
    const holders = Object.keys(await heldTokens());
    assert.ok(holders.length > 0);
    const seen = await assertRuns(deployment, 'test');
    const influx = createInflux({ url: `http://127.0.0.1:${deployment.portOf('influxdb')}` });
    const operator = (await deployment.read('.homeiq/secrets/influxdb-operator-token')).trim();
    const all = await influx.listAuthorizations(operator, undefined);
    const ours = all.find(({ description }) => description === authorizationDescription('test'));
    await influx.deleteAuthorization(operator, ours?.id ?? '');

    const check = await buckets('--check', '--mode', 'test');
    assert.equal(check.exitCode, exitCodes.failed);
    assert.deepEqual(
      check.document.faults.map(({ code }) => code),
      ['token-unknown'],
    );
    const repaired = await buckets('--mode', 'test');
    assert.deepEqual([repaired.exitCode, repaired.document.faults], [exitCodes.done, []]);

    const now = await storedToken();
    assert.notEqual(now, old);
    assert.deepEqual(await heldTokens(), Object.fromEntries(holders.map(service => [service, now])));
    const idOf = (containers: typeof seen, name: string) =>
      containers.find(({ service }) => service === name)?.id;
    // The run has started them; that they are healthy comes a moment later.
    const isHealthy = async () => (await deployment.containers()).every(({ health }) => health === 'healthy');
    await until(isHealthy, { timeoutMs: 60_000, describe: () => 'health after the restart' });
    const after = await assertRuns(deployment, 'test');
    const recreated = after.filter(({ service, id }) => id !== idOf(seen, service));
    assert.deepEqual(recreated.map(({ service }) => service).toSorted(), holders.toSorted());
    const again = await buckets('--mode', 'test');
    assert.deepEqual([again.exitCode, again.document.run?.changed], [exitCodes.done, false]);
  });
});
