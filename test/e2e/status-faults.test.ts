/** `homeiq status` on a real deployment: the machine, the data, what services say, and the culprit of three faults. */

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { documentValues } from '../../src/core/env/values.ts';
import type { statusDocument } from '../../src/ui/json/status-json.ts';
import { skipWithoutSandbox, type TestDeployment } from '../helpers/deployment.ts';
import { createRunningSandbox } from '../helpers/small-sandbox.ts';
import { until } from '../helpers/until.ts';

type StatusDocument = ReturnType<typeof statusDocument>;

describe('the status of a deployment with a fault', { skip: skipWithoutSandbox('new') }, () => {
  let deployment: TestDeployment;

  const look = async (): Promise<StatusDocument> =>
    JSON.parse((await deployment.run(['status', '--json'])).stdout) as StatusDocument;
  /** The first status that is so; the last one seen is in the failure. */
  const waitFor = async (isSo: (status: StatusDocument) => boolean): Promise<StatusDocument> => {
    let seen = await look();
    await until(
      async () => {
        seen = await look();
        return isSo(seen);
      },
      { timeoutMs: 90_000, describe: () => JSON.stringify(seen).slice(0, 4_000) },
    );
    return seen;
  };
  const serviceOf = (status: StatusDocument, name: string) =>
    status.services.find(each => each.name === name);
  /** Makes these services anew with more variables, as an operator does by hand. */
  const change = async (variables: Readonly<Record<string, Readonly<Record<string, string>>>>) => {
    const services = Object.fromEntries(
      Object.entries(variables).map(([name, environment]) => [name, { environment }]),
    );
    await writeFile(join(deployment.folder, 'faults.json'), JSON.stringify({ services }));
    const files = ['compose.yaml', 'compose.sandbox.yaml', 'faults.json'].flatMap(file => ['--file', file]);
    await deployment.compose(...files, 'up', '-d', '--no-deps', ...Object.keys(variables));
  };

  before(async () => {
    deployment = await createRunningSandbox('new');
    // Each mode has been there once: production has a token, without which nobody can look at its buckets.
    for (const mode of ['production', 'test']) {
      const there = await deployment.run(['switch', mode, '--yes', '--json']);
      assert.equal(there.exitCode, 0, there.stderr + there.stdout.slice(-3000));
    }
  });
  after(async () => {
    await deployment?.remove();
  });

  it('without one: healthy, with the machine, the data, Home Assistant and the answers of the services', async t => {
    const status = await waitFor(({ healthy }) => healthy);
    const { box, data } = status;
    assert.ok(box !== undefined);
    t.diagnostic(JSON.stringify({ box, data, words: status.words }));
    assert.ok((box.availableMiB ?? 0) > 0 && (box.availableMiB ?? 0) < (box.totalMiB ?? 0));
    assert.ok(box.disks.some(({ holds }) => holds.includes('Docker')));
    assert.equal(status.memory.budgetMiB, 8192, 'a sandbox counts on the box that it plays');
    assert.deepEqual(
      data.buckets?.map(({ name, retentionSeconds }) => [name, retentionSeconds / 86_400])[0],
      ['home_assistant_events_test', 7],
    );
    assert.equal(data.otherModePointsPerMinute, 0);
    assert.equal(data.homeAssistant?.state, 'accepted');
    const { health } = serviceOf(status, 'data-api') ?? {};
    assert.deepEqual([health?.word, health?.mode, health?.version], ['healthy', 'test', 'sandbox']);
    assert.deepEqual(status.killedForMemory, []);
  });

  it('the same answer from inside the container, by curl and by python', async t => {
    const engine = createEngine({ environment: process.env });
    for (const service of ['data-api', 'log-aggregator']) {
      const container = await engine.container((await deployment.containerOf(service)).id);
      const answer = container && (await engine.readHealth(container, t.signal));
      assert.deepEqual([answer?.status, answer?.word, answer?.version], [200, 'healthy', 'sandbox'], service);
    }
  });

  it('a service that writes into the other mode is named, with how that is known', async t => {
    const production = documentValues(parseEnv(await deployment.read('.homeiq/modes/production.env')));
    const { INFLUXDB_TOKEN: token = '' } = production;
    await change({
      'data-api': {
        INFLUXDB_ORG: 'homeiq',
        INFLUXDB_BUCKET: 'home_assistant_events',
        INFLUXDB_TOKEN: token,
      },
    });
    const status = await waitFor(({ data }) => (data.otherModePointsPerMinute ?? 0) > 0);
    t.diagnostic(JSON.stringify([status.data, status.reasons]));
    assert.deepEqual(status.data.otherModeWriters, [
      { name: 'data-api', why: 'its INFLUXDB_BUCKET is home_assistant_events' },
    ]);
    assert.deepEqual(status.data.otherModeMeasurements, ['data_api_requests']);
    assert.equal(status.healthy, false);
    assert.match(status.reasons.join('\n'), /data-api writes into production's buckets/);
    assert.ok(!JSON.stringify(status).includes(token));
    const { exitCode, stdout } = await deployment.run(['status']);
    assert.equal(exitCode, 1);
    assert.match(stdout, /Data, production: data-api writes into production's buckets/);
  });

  it('a service that answers with another mode, and one that is killed for memory with its limit', async t => {
    await change({
      'data-api': { SANDBOX_FAULT: 'wrong-mode' },
      'log-aggregator': { SANDBOX_FAULT: 'memory-hog' },
    });
    const status = await waitFor(
      seen =>
        serviceOf(seen, 'data-api')?.state === 'wrong-mode' &&
        seen.killedForMemory.some(({ service }) => service === 'log-aggregator'),
    );
    t.diagnostic(JSON.stringify([status.killedForMemory, status.words, status.reasons]));
    const dataApi = serviceOf(status, 'data-api');
    assert.equal(dataApi?.health?.mode, 'production');
    assert.match(status.reasons.join('\n'), /data-api runs in the wrong mode: production/);
    const kill = status.killedForMemory.find(({ service }) => service === 'log-aggregator');
    assert.equal(kill?.limitMiB, serviceOf(status, 'log-aggregator')?.limitMiB);
    const { stdout } = await deployment.run(['status']);
    assert.match(stdout, /Box, killed: .*log-aggregator was killed for memory at its limit of 128 MB/);
  });
});
