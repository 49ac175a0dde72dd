/** A verification of a deployment that runs in this process: passed when it is as it should be, and not for any of the faults. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyDeployment } from '../../../src/app/isolation/verify-deployment.ts';
import { documentsOf } from '../../../src/app/setup/start-run.ts';
import { openRun } from '../../../src/app/worker/host-run.ts';
import { readArguments } from '../../../src/cli/arguments.ts';
import { runVerify } from '../../../src/cli/verify.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { documentValues } from '../../../src/core/env/values.ts';
import { isVerified, type VerificationId } from '../../../src/core/isolation/verification.ts';
import type { Container } from '../../../src/ports/engine.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { rehearse } from '../../helpers/rehearse.ts';

const { signal } = new AbortController();

/** Each container of the list as `bend` has it. */
const bendContainers = (ports: Ports, bend: (container: Container) => Container): Ports => ({
  ...ports,
  engine: {
    ...ports.engine,
    containers: async (project, over) => (await ports.engine.containers(project, over)).map(bend),
  },
});

const withVariable = (ports: Ports, service: string, key: string, value: string): Ports =>
  bendContainers(ports, container =>
    container.service === service
      ? { ...container, environment: { ...container.environment, [key]: value } }
      : container,
  );

test('a verification of test mode', async t => {
  const { draft, ports: real } = await rehearse(t);
  const drafted = await draft('test');
  const request = { ...documentsOf(drafted), runId: 'set-up', plan: drafted.plan, mode: 'test' } as const;
  const run = await openRun(real, request);
  assert.equal(await run({ pid: process.pid, signal }), 'done');
  // The shortest window is not waited for.
  const ports: Ports = { ...real, clock: { ...real.clock, sleep: async () => {} } };
  const operatorToken = (await real.files.readSecret('influxdb-operator-token')) ?? '';
  const secrets = [
    operatorToken,
    (await real.files.readSecret('influxdb-admin-password')) ?? '',
    ...Object.entries(documentValues(parseEnv((await real.files.readEnv()) ?? ''))).flatMap(([key, value]) =>
      /TOKEN|PASSWORD|SECRET|API_KEY/.test(key) && value.length > 11 ? [value] : [],
    ),
  ];
  assert.ok(secrets.length >= 6 && secrets.every(secret => secret !== ''), String(secrets.length));

  /** The checks that are not passed, and what they say; no secret is in it. */
  async function verify(bent: Ports): Promise<Readonly<Partial<Record<VerificationId, string>>>> {
    const said: string[] = [];
    const io = { print: (text: string) => void said.push(text), warn: () => {} };
    const verification = await verifyDeployment(bent, signal);
    const exitCodes = [
      await runVerify({ ports: bent }, readArguments(['verify']), io, signal),
      await runVerify({ ports: bent }, readArguments(['verify', '--json']), io, signal),
    ];
    const code = isVerified(verification) ? 0 : 1;
    assert.deepEqual(exitCodes, [code, code]);
    assert.equal(JSON.parse(said.at(-1) ?? '').ok, code === 0);
    for (const secret of secrets) assert.ok(!said.join('\n').includes(secret), 'a secret is in the report');
    return Object.fromEntries(
      verification.checks
        .filter(({ problems }) => problems.length > 0)
        .map(({ id, problems }) => [id, problems.map(({ text }) => text).join('\n')]),
    );
  }

  await t.test('passes, says what was looked at, and prints no secret', async () => {
    assert.deepEqual(await verify(ports), {});
    const lines: string[] = [];
    const warned: string[] = [];
    const io = {
      print: (text: string) => void lines.push(text),
      warn: (text: string) => void warned.push(text),
    };
    await runVerify({ ports }, readArguments(['verify']), io, signal);
    assert.match(warned.join(), /^The mode has just started: \d+ s until there is enough to look at\.$/);
    const text = lines.join('\n');
    assert.match(text, /^Verification of TEST: passed\n {2}20\d\d-.*Z, project .*, level rehearsal\n/);
    assert.match(text, /homeiq 0\.0\.0, .*Docker .*, Compose .*, InfluxDB 2\.9\.1/);
    assert.match(text, /ok {5}Containers .* 16 containers of this project, 0 of another mode than test/);
    assert.match(text, /ok {5}Tokens in use .* 1 different in 4 variables, 20 probes/);
    assert.match(text, /ok {5}Data arrives .* [1-9]\d* points into home_assistant_events_test in \d+ s/);
  });

  await t.test(
    'finds a token that may do more, and one that InfluxDB does not know, in any variable',
    async () => {
      const wide = await verify(withVariable(ports, 'data-api', 'INFLUXDB_TOKEN', operatorToken));
      assert.match(
        wide.tokens ?? '',
        /INFLUXDB_TOKEN of data-api is not that of test mode alone: it may do everything/,
      );
      const hidden = await verify(
        withVariable(ports, 'ner-service', 'HEADERS', `Authorization: Token ${operatorToken}`),
      );
      assert.match(hidden.tokens ?? '', /HEADERS of ner-service/);
      const unknown = await verify(withVariable(ports, 'admin-api', 'INFLUXDB_TOKEN', 'token-nobody-knows'));
      assert.match(unknown.tokens ?? '', /INFLUXDB_TOKEN of admin-api .*: InfluxDB does not know it/);
      assert.deepEqual(Object.keys(unknown), ['tokens']);
    },
  );

  await t.test('lets a token pass that may do less than that of the mode', async () => {
    const influx = ports.influx('');
    const org = await influx.findOrg(operatorToken, 'homeiq-test');
    const bucket = await influx.findBucket(operatorToken, org?.id ?? '', 'weather_data_test');
    const { token } = await influx.createAuthorization(operatorToken, {
      orgId: org?.id ?? '',
      description: 'for a dashboard',
      bucketIds: [bucket?.id ?? ''],
    });
    assert.deepEqual(await verify(withVariable(ports, 'ner-service', 'DASHBOARD_INFLUX_TOKEN', token)), {});
  });

  await t.test(
    'finds a container of the other mode, by its environment and by its service, stopped ones too',
    async () => {
      const told = await verify(withVariable(ports, 'data-api', 'DEPLOYMENT_MODE', 'production'));
      assert.match(told.containers ?? '', /data-api \(running\): its DEPLOYMENT_MODE is production/);
      assert.match(told['modes-told'] ?? '', /DEPLOYMENT_MODE of data-api is production/);
      const stopped = await verify(
        bendContainers(ports, container =>
          container.service === 'log-aggregator'
            ? { ...container, service: 'weather-api', state: 'exited', environment: {} }
            : container,
        ),
      );
      assert.match(
        stopped.containers ?? '',
        /weather-api \(exited\): weather-api belongs to production only/,
      );
      assert.deepEqual(Object.keys(stopped), ['containers']);
    },
  );

  await t.test('finds a health answer that says another mode, and takes none for nothing', async () => {
    const answering = (mode: string): Ports => ({
      ...ports,
      health: {
        ...ports.health,
        ask: async (container, path, over) => {
          const answer = await ports.health.ask(container, path, over);
          return container.service !== 'admin-api' || answer === undefined ? answer : { ...answer, mode };
        },
      },
    });
    const lying = await verify(answering('production'));
    assert.deepEqual(lying, { 'modes-told': 'admin-api says on /health that its mode is production.' });
    const silent = { ...ports, health: { ask: async () => undefined, askInside: async () => undefined } };
    assert.deepEqual(await verify(silent), {});
  });

  await t.test("finds points in the other mode's buckets, and that none arrive in the own", async () => {
    const influx = ports.influx('');
    const org = await influx.createOrg(operatorToken, 'homeiq');
    await influx.createBucket(operatorToken, {
      orgId: org.id,
      name: 'weather_data',
      retentionSeconds: 0,
      shardGroupSeconds: 3600,
      description: '',
    });
    assert.deepEqual(await verify(ports), {});
    await influx.writeLine(operatorToken, 'homeiq', 'weather_data', 'weather,service=weather-api value=1i');
    const found = await verify(ports);
    assert.match(
      found['other-mode-data'] ?? '',
      /^1 points arrived in weather_data of production mode in the last \d+ s: nobody on this machine is known to write there\.$/,
    );
    const dry = await verify({
      ...ports,
      influx: url => ({ ...ports.influx(url), query: async () => [] }),
    });
    assert.match(
      dry['data-arrives'] ?? '',
      /^No point arrived in home_assistant_events_test in the last \d+ s/,
    );
  });

  await t.test('what cannot be looked at is not passed', async () => {
    const silent = (await ports.engine.containers(undefined)).find(({ service }) => service === 'influxdb');
    await ports.engine.stop(silent?.id ?? '');
    const found = await verify(ports);
    assert.match(found.tokens ?? '', /InfluxDB did not answer/);
    assert.match(found['data-arrives'] ?? '', /InfluxDB did not answer/);
    assert.match(found['other-mode-data'] ?? '', /InfluxDB did not answer/);
  });
});
