import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeSnapshot, snapshotPath } from '../../scripts/lib/make-snapshot.ts';
import { createCompose } from '../../src/adapters/docker/compose.ts';
import { type Mode, modes, otherMode } from '../../src/core/mode/mode.ts';
import { onKeyValues } from '../../src/core/plan/plan-services.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { bundledTemplate, programFolder, readSnapshot, templateValues } from '../helpers/bundled-stack.ts';
import { composeFolders, createScratchProject, docker, tinyImage } from '../helpers/engine.ts';

type ResolvedService = {
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly deploy?: { readonly replicas?: number };
  readonly volumes?: readonly {
    readonly type: string;
    readonly source: string;
    readonly target: string;
    readonly read_only?: boolean;
  }[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string };
  readonly image: string;
  readonly build?: {
    readonly context: string;
    readonly dockerfile: string;
    readonly args?: Readonly<Record<string, string>>;
  };
  readonly stop_signal?: string;
  readonly group_add?: readonly string[];
};
type Resolved = { readonly name: string; readonly services: Readonly<Record<string, ResolvedService>> };
type Values = Readonly<Record<string, string>>;

const hostPortKey = (service: string): string =>
  `HOMEIQ_${service.toUpperCase().replaceAll('-', '_')}_HOST_PORT`;

/** A whole document: what the template says, and what is made or typed. No two values are alike. */
const documentOf = (mode: Mode, changes: Values = {}): Values => {
  const made = bundledTemplate(mode).fields.filter(({ isGenerated }) => isGenerated);
  return {
    ...templateValues(mode),
    ...Object.fromEntries(
      made.map(({ key, scope }) => [key, scope === 'shared' ? `made-${key}` : `made-${mode}-${key}`]),
    ),
    ...(mode === 'production' ? { HA_HTTP_URL: 'https://home.example', MQTT_BROKER: 'broker.example' } : {}),
    ...changes,
  };
};

for (const { name, folder, skip } of composeFolders()) {
  const compose = createCompose({ environment: { ...process.env, DOCKER_CONFIG: folder } });
  const resolve = async (values: Values): Promise<Resolved> =>
    (await compose.resolve({
      folder: '/deployment',
      project: values.COMPOSE_PROJECT_NAME ?? 'homeiq',
      files: [join(programFolder, 'compose.yaml')],
      environment: values,
    })) as Resolved;
  const serviceOf = (resolved: Resolved, service: string): ResolvedService => {
    const found = resolved.services[service];
    assert.ok(found, service);
    return found;
  };
  const environmentOf = (resolved: Resolved, service: string): Readonly<Record<string, string | null>> =>
    serviceOf(resolved, service).environment ?? {};

  describe(`compose.yaml with ${name}`, { skip }, () => {
    test('resolves to the committed snapshot', async () => {
      const made = await makeSnapshot(programFolder, { ...process.env, DOCKER_CONFIG: folder });
      assert.deepEqual(
        JSON.parse(made),
        readSnapshot(),
        `${snapshotPath} is stale: node --import tsx scripts/snapshot.ts`,
      );
    });

    test('neutral services resolve to the same in both modes, bound ones do not', async () => {
      const [ofTest, ofProduction] = [
        await resolve(documentOf('test')),
        await resolve(documentOf('production')),
      ];
      for (const service of parseStack(ofTest).services) {
        const pair = [serviceOf(ofTest, service.name), serviceOf(ofProduction, service.name)];
        const environment = pair[0]?.environment ?? {};
        assert.equal('DEPLOYMENT_MODE' in environment, service.bound, service.name);
        if (service.bound) assert.notDeepEqual(pair[0], pair[1], service.name);
        else assert.deepEqual(pair[0], pair[1], service.name);
      }
    });

    test('neutral services refer to shared keys only', async () => {
      const values = documentOf('test');
      const shared = new Map(
        bundledTemplate('test').fields.map(field => [field.key, field.scope === 'shared']),
      );
      const changed = Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          shared.get(key) === true ||
          ['DEPLOYMENT_MODE', 'COMPOSE_PROFILES'].includes(key) ||
          /_(ON|HELD)$/.test(key)
            ? value
            : /_PORT$|_RETRIES|_DELAY|_HOURS|_MINUTES/.test(key)
              ? '7'
              : 'another',
        ]),
      );
      const [before, after] = [await resolve(values), await resolve(changed)];
      for (const service of parseStack(before).services.filter(({ bound }) => !bound)) {
        assert.deepEqual(serviceOf(after, service.name), serviceOf(before, service.name), service.name);
      }
    });

    test('database services get the mode’s org, bucket and token, and nothing of the other mode', async () => {
      for (const mode of modes) {
        const values = documentOf(mode);
        const resolved = await resolve(values);
        for (const service of parseStack(resolved).services) {
          const environment = environmentOf(resolved, service.name);
          assert.equal(
            environment.INFLUXDB_TOKEN,
            service.database ? values.INFLUXDB_TOKEN : undefined,
            service.name,
          );
          assert.equal(environment.INFLUXDB_ORG, service.database ? values.INFLUXDB_ORG : undefined);
          if (!service.database) continue;
          const bucket =
            service.name === 'weather-api' ? values.INFLUXDB_WEATHER_BUCKET : values.INFLUXDB_BUCKET;
          assert.equal(environment.INFLUXDB_BUCKET, bucket, service.name);
          assert.equal(environment.INFLUXDB_URL, 'http://influxdb:8086');
        }
        const other = documentOf(otherMode(mode));
        const everything = JSON.stringify(resolved.services);
        assert.ok(!everything.includes(`made-${otherMode(mode)}`));
        if (mode === 'production') assert.ok(!everything.includes(other.INFLUXDB_BUCKET ?? '?'));
      }
    });

    test('each mode has databases of its own, in folders that exist', async () => {
      for (const mode of modes) {
        const resolved = await resolve(documentOf(mode));
        assert.equal(
          environmentOf(resolved, 'data-api').DATABASE_URL,
          `sqlite+aiosqlite:///./data/${mode}/metadata.db`,
        );
        const mounts = Object.values(resolved.services).flatMap(({ volumes = [] }) => volumes);
        const mount = serviceOf(resolved, 'data-api').volumes?.[0];
        assert.deepEqual([mount?.source, mount?.target], [`sqlite-${mode}`, `/app/data/${mode}`]);
        assert.ok(mounts.every(({ source }) => !source.endsWith(`-${otherMode(mode)}`)));
      }
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
      assert.deepEqual(
        binds.map(({ read_only }) => read_only),
        [true, true],
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

    test('on the engine, what waits for a service that is left out starts without it, and an unset key is unset', async () => {
      const scratch = await createScratchProject('composefile');
      const deployment = await mkdtemp(join(tmpdir(), 'homeiq-compose-file-'));
      const started = ['influxdb', 'health-dashboard', 'device-intelligence-service'];
      const stack = parseStack(readSnapshot());
      const leftOut = stack.services.filter(({ name: service }) => !started.includes(service));
      const values = {
        ...documentOf('production', { MQTT_BROKER: '', COMPOSE_PROJECT_NAME: scratch.project }),
        ...Object.fromEntries(leftOut.map(({ onKey }) => [onKey ?? '', '0'])),
        ...Object.fromEntries(started.map(service => [hostPortKey(service), '0'])),
      };
      // The same services with a tiny image, so that only Compose and the engine are on trial.
      const tiny = {
        image: tinyImage,
        command: ['/bin/busybox', 'sleep', '600'],
        healthcheck: { disable: true },
      };
      const target = {
        folder: deployment,
        project: scratch.project,
        files: [join(programFolder, 'compose.yaml'), join(deployment, 'override.json')],
        environment: values,
      };
      try {
        const services = Object.fromEntries(started.map(service => [service, tiny]));
        await writeFile(join(deployment, 'override.json'), JSON.stringify({ services }));
        await compose.up(target, 'profile');
        const label = `label=com.docker.compose.project=${scratch.project}`;
        const running = await docker(['ps', '--filter', label, '--format', '{{.Names}}']);
        assert.deepEqual(
          running.split('\n').toSorted(),
          started.map(service => `${scratch.project}-${service}-1`).toSorted(),
        );
        const environment = await docker([
          'exec',
          `${scratch.project}-device-intelligence-service-1`,
          '/bin/busybox',
          'env',
        ]);
        assert.doesNotMatch(environment, /MQTT_BROKER/);
        assert.match(environment, /^DEPLOYMENT_MODE=production$/m);
      } finally {
        await scratch.remove();
        await rm(deployment, { recursive: true, force: true });
      }
    });
  });
}
