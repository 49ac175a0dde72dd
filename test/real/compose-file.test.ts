import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeSnapshot, snapshotPath } from '../../scripts/lib/make-snapshot.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import { onKeyValues } from '../../src/core/plan/plan-services.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { programFolder, readSnapshot } from '../helpers/bundled-stack.ts';
import {
  documentOf,
  environmentOf,
  serviceOf,
  testedComposes,
  type Values,
} from '../helpers/resolved-compose-file.ts';

const guardPath = '/usr/local/bin/homeiq-guard';
/** Entrypoint and command of the images: Home Assistant's, and that of HomeIQ's Dockerfile. */
const ownCommands: Readonly<Record<string, readonly string[]>> = {
  'home-assistant-test': ['/init'],
  'websocket-ingestion-test': ['python', '-m', 'src.main'],
};

for (const { name, skip, environment: processEnvironment, resolve } of testedComposes()) {
  describe(`compose.yaml with ${name}`, { skip }, () => {
    test('resolves to the committed snapshot', async () => {
      const made = await makeSnapshot(programFolder, processEnvironment);
      assert.deepEqual(
        JSON.parse(made),
        readSnapshot(),
        `${snapshotPath} is stale: node --import tsx scripts/snapshot.ts`,
      );
    });

    test('InfluxDB starts bare, on this machine only, and stops cleanly', async () => {
      const resolved = await resolve(documentOf('test'));
      const influxdb = serviceOf(resolved, 'influxdb');
      assert.equal(influxdb.stop_signal, 'SIGINT');
      assert.equal(influxdb.image, 'influxdb:2.9');
      assert.ok(
        Object.keys(environmentOf(resolved, 'influxdb')).every(key => !key.startsWith('DOCKER_INFLUXDB')),
      );
      const other = await resolve(
        documentOf('test', { HOMEIQ_INFLUXDB_IMAGE: 'own/influx:1', HOMEIQ_BIND: '[::]' }),
      );
      assert.equal(serviceOf(other, 'influxdb').image, 'own/influx:1');
      const { services } = parseStack(other);
      const open = services.filter(({ ports }) =>
        ports.some(({ hostAddress }) => hostAddress !== '127.0.0.1'),
      );
      assert.deepEqual(open.map(({ name }) => name).toSorted(), [
        'admin-api',
        'ai-automation-ui',
        'data-api',
        'health-dashboard',
        'home-assistant-test',
      ]);
    });

    test('every service of the profile test starts behind the guard, and no other', async () => {
      const resolved = await resolve(documentOf('test'));
      for (const [service, { profiles = [], entrypoint, command, volumes = [] }] of Object.entries(
        resolved.services,
      )) {
        const mount = volumes.find(({ target }) => target === guardPath);
        if (!profiles.includes('test')) {
          assert.deepEqual([entrypoint ?? null, command ?? null, mount], [null, null, undefined], service);
          continue;
        }
        const call = ['/bin/sh', guardPath, '--service', service, '--type', 'test', '--'];
        assert.deepEqual(entrypoint?.slice(0, call.length), call);
        assert.deepEqual(
          [...(entrypoint?.slice(call.length) ?? []), ...(command ?? [])],
          ownCommands[service],
        );
        assert.equal(mount?.source, '/deployment/homeiq-guard');
        assert.equal(mount?.read_only, true);
      }
      assert.deepEqual(Object.keys(ownCommands), ['home-assistant-test', 'websocket-ingestion-test']);
    });

    test('one MQTT setting has two forms, and one of them can be absent', async () => {
      const withBroker = await resolve(
        documentOf('production', { MQTT_BROKER: '10.0.0.5', MQTT_PORT: '1884' }),
      );
      assert.equal(
        environmentOf(withBroker, 'device-intelligence-service').MQTT_BROKER,
        'mqtt://10.0.0.5:1884',
      );
      assert.equal(environmentOf(withBroker, 'ai-automation-service').MQTT_BROKER, '10.0.0.5');
      assert.equal(environmentOf(withBroker, 'ai-automation-service').MQTT_PORT, '1884');
      const without = parseStack(await resolve(documentOf('production', { MQTT_BROKER: '' })));
      const service = without.services.find(({ name: found }) => found === 'device-intelligence-service');
      assert.ok(service);
      assert.deepEqual(
        Object.keys(service.environment).filter(key => /BROKER/.test(key)),
        [],
      );
    });

    test('one address and one token of Home Assistant have every name that services read', async () => {
      const resolved = await resolve(documentOf('production', { HA_TOKEN: 'typed' }));
      const expected: Readonly<Record<string, readonly string[]>> = {
        'admin-api': ['HA_URL', 'HA_TOKEN'],
        'ai-automation-service': ['HA_URL', 'HA_TOKEN'],
        'ha-setup-service': ['HA_URL', 'HA_TOKEN'],
        'device-intelligence-service': ['HA_URL', 'HA_TOKEN'],
        'websocket-ingestion': ['HA_HTTP_URL', 'HA_TOKEN'],
        'smart-meter': ['HOME_ASSISTANT_URL', 'HOME_ASSISTANT_TOKEN'],
        'air-quality': ['HOME_ASSISTANT_URL', 'HOME_ASSISTANT_TOKEN'],
      };
      for (const [service, [address = '', token = '']] of Object.entries(expected)) {
        const environment = environmentOf(resolved, service);
        assert.deepEqual(
          [environment[address], environment[token]],
          ['https://home.example', 'typed'],
          service,
        );
      }
    });

    test('the stand-in for an OpenAI key is used in test only, and a real key wins', async () => {
      const keyOf = async (mode: Mode, changes: Values): Promise<unknown> =>
        environmentOf(await resolve(documentOf(mode, changes)), 'ai-automation-service').OPENAI_API_KEY;
      assert.equal(await keyOf('test', {}), 'stand-in-for-an-openai-key');
      assert.equal(await keyOf('test', { OPENAI_API_KEY: 'sk' }), 'sk');
      assert.equal(await keyOf('production', {}), '');
    });

    test('the Docker socket is read-only, and only where it is expected; one folder is shared', async () => {
      const resolved = await resolve(documentOf('test'));
      const using = (source: string): readonly string[] =>
        Object.entries(resolved.services)
          .filter(([, { volumes = [] }]) => volumes.some(volume => volume.source === source))
          .map(([service]) => service)
          .toSorted();
      assert.deepEqual(using('/var/run/docker.sock'), ['admin-api', 'log-aggregator']);
      assert.deepEqual(using('service-config-test'), ['admin-api', 'device-intelligence-service']);
      const mounts = Object.values(resolved.services).flatMap(({ volumes = [] }) => volumes);
      const binds = mounts.filter(({ type }) => type === 'bind');
      // The socket twice, and the guard of both services of the profile test.
      assert.deepEqual(
        binds.map(({ read_only }) => read_only),
        [true, true, true, true],
      );
    });

    test('images come from the registry and version given, builds from the source given', async () => {
      const resolved = await resolve(
        documentOf('test', {
          HOMEIQ_REGISTRY: 'r.example/x',
          HOMEIQ_VERSION: 'v1',
          HOMEIQ_SOURCE: '/src/homeiq',
        }),
      );
      const own = Object.entries(resolved.services).filter(([, { build }]) => build !== undefined);
      assert.equal(own.length, 22);
      for (const [service, { image, build }] of own) {
        assert.match(image, /^r\.example\/x\/homeiq-[a-z-]+:v1$/, service);
        assert.ok(build?.context.startsWith('/src/homeiq'), service);
        assert.match(
          `${build?.context}/${build?.dockerfile}`,
          /^\/src\/homeiq\/services\/[\w./-]+Dockerfile$/,
        );
      }
      const imageOf = (service: string): string =>
        serviceOf(resolved, service).image.replace(/^.*\/|:.*$/g, '');
      assert.equal(imageOf('websocket-ingestion-test'), 'homeiq-websocket-ingestion');
      assert.equal(imageOf('smart-meter'), 'homeiq-smart-meter-service');
      assert.equal(serviceOf(resolved, 'health-dashboard').build?.args?.VITE_API_KEY, 'made-API_KEY');
    });

    test('Home Assistant is healthy when it answers 401, with a shell command that reaches the shell whole', async () => {
      const { healthcheck } = serviceOf(await resolve(documentOf('test')), 'home-assistant-test');
      assert.equal(healthcheck?.test[0], 'CMD-SHELL');
      assert.equal(
        healthcheck?.test[1],
        'status=$(curl -s -o /dev/null -w \'%{http_code}\' http://127.0.0.1:8123/api/); test "$status" = 401 || test "$status" = 200',
      );
    });

    test('the keys of the plan decide how many of each service there are', async () => {
      const values = documentOf('production');
      const stack = parseStack(await resolve(values));
      const keys = onKeyValues(stack, 'production', values, new Set(['log-aggregator', 'influxdb']));
      const resolved = await resolve({ ...values, ...keys });
      const none = Object.entries(resolved.services)
        .filter(([, { deploy }]) => deploy?.replicas === 0)
        .map(([service]) => service);
      assert.deepEqual(none.toSorted(), [
        'ai-automation-service',
        'air-quality',
        'carbon-intensity',
        'log-aggregator',
        'smart-meter',
        'weather-api',
        'websocket-ingestion',
      ]);
    });
  });
}
