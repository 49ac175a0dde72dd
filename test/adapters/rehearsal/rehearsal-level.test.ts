import assert from 'node:assert/strict';
import test from 'node:test';
import { createRehearsalCompose } from '../../../src/adapters/rehearsal/rehearsal-compose.ts';
import { createRehearsalEngine } from '../../../src/adapters/rehearsal/rehearsal-engine.ts';
import { createRehearsalHomeAssistant } from '../../../src/adapters/rehearsal/rehearsal-home-assistant.ts';
import { createRehearsalImages } from '../../../src/adapters/rehearsal/rehearsal-images.ts';
import { createRehearsalInflux } from '../../../src/adapters/rehearsal/rehearsal-influx.ts';
import { queryDataFlow } from '../../../src/app/buckets/data-flow.ts';
import { ensureBuckets } from '../../../src/app/buckets/ensure-buckets.ts';
import { verifyData } from '../../../src/app/buckets/verify-data.ts';
import { parseStack } from '../../../src/core/stack/parse-stack.ts';
import type { ComposeTarget } from '../../../src/ports/compose.ts';
import { createManualClock, type ManualClock } from '../../helpers/manual-clock.ts';

const MiB = 1024 * 1024;
const database = {
  DEPLOYMENT_MODE: 'production',
  INFLUXDB_BUCKET: 'home_assistant_events',
  INFLUXDB_TOKEN: '',
};

/** The shape of a resolved model, with five services. */
const snapshot = {
  name: 'homeiq',
  services: {
    influxdb: {
      image: 'influxdb:2.9',
      mem_limit: String(2048 * MiB),
      ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 8086, published: '8086', protocol: 'tcp' }],
      healthcheck: { test: ['CMD', 'curl'] },
      restart: 'unless-stopped',
    },
    'data-api': {
      image: 'ghcr.io/x/homeiq-data-api:old',
      build: { context: '/source' },
      environment: database,
      depends_on: { influxdb: { condition: 'service_healthy', required: true } },
      healthcheck: { test: ['CMD', 'curl'] },
      restart: 'unless-stopped',
    },
    'websocket-ingestion-test': {
      image: 'ghcr.io/x/homeiq-websocket-ingestion:old',
      build: { context: '/source' },
      profiles: ['test'],
      environment: database,
      depends_on: { 'data-api': { condition: 'service_healthy', required: true } },
      healthcheck: { test: ['CMD', 'curl'] },
      restart: 'unless-stopped',
    },
    'weather-api': {
      image: 'ghcr.io/x/homeiq-weather-api:old',
      build: { context: '/source' },
      profiles: ['production'],
      environment: { ...database, INFLUXDB_BUCKET: 'weather_data' },
    },
    'home-assistant-test': {
      image: 'ha:stable',
      profiles: ['test'],
      ports: [{ host_ip: '0.0.0.0', target: 8123, published: '8124', protocol: 'tcp' }],
      healthcheck: { test: ['CMD', 'curl'] },
      restart: 'unless-stopped',
    },
  },
  volumes: { data: { name: 'homeiq_data' } },
  'x-homeiq': {
    version: 1,
    services: [
      ['influxdb', 'infrastructure', 'infrastructure', 2048],
      ['data-api', 'core', 'core', 320],
      ['websocket-ingestion-test', 'test', 'test', 128],
      ['weather-api', 'external', 'external_api', 96],
      ['home-assistant-test', 'test', 'test', 384],
    ].map(([name, group, type, expectedMiB]) => ({
      name,
      group,
      type,
      bound: name !== 'influxdb',
      database: false,
      expectedMiB,
      onKey: `HOMEIQ_${String(name).toUpperCase().replaceAll('-', '_')}_ON`,
    })),
  },
};

const target: ComposeTarget = { folder: '/f', project: 'rehearsed', files: [], environment: undefined };

function setUp() {
  const clock = createManualClock();
  const rehearsal = createRehearsalEngine({ clock });
  const env = new Map([
    ['DEPLOYMENT_MODE', 'test'],
    ['COMPOSE_PROFILES', 'test'],
    ['INFLUXDB_BUCKET', 'home_assistant_events_test'],
    ['HOMEIQ_VERSION', 'new'],
  ]);
  const readEnv = async () => [...env].map(([key, value]) => `${key}=${value}\n`).join('');
  const compose = createRehearsalCompose({ rehearsal, clock, snapshot: async () => snapshot, readEnv });
  return { clock, rehearsal, compose, env };
}

/** Moves the clock until the work is done. */
async function finish<Value>(clock: ManualClock, work: Promise<Value>): Promise<Value> {
  let isOver = false;
  const watched = work.finally(() => {
    isOver = true;
  });
  // It may fail while the clock moves; whoever awaits the result is told.
  watched.catch(() => undefined);
  for (let round = 0; round < 600 && !isOver; round += 1) await clock.advance(100);
  return watched;
}

const names = ['influxdb', 'data-api', 'websocket-ingestion-test', 'home-assistant-test'];

/** Pulls the images of the services by `names`. */
async function pullAll({ clock, compose, rehearsal }: ReturnType<typeof setUp>): Promise<void> {
  const images = createRehearsalImages({ rehearsal, clock });
  for (const { name, image } of parseStack(await compose.resolve(target)).services) {
    if (names.includes(name)) await finish(clock, images.pull(image, undefined));
  }
}

async function raised() {
  const world = setUp();
  await pullAll(world);
  await finish(world.clock, world.compose.up(target, 'profile'));
  await world.clock.advance(5_000);
  return world;
}

test('up refuses an image that is not here, and starts the mode in the order of its dependencies', async () => {
  const { clock, compose } = setUp();
  await assert.rejects(finish(clock, compose.up(target, 'profile')), /No such image/);
  const { rehearsal } = await raised();
  const containers = await rehearsal.engine.containers('rehearsed');
  assert.deepEqual(containers.map(({ service }) => service).sort(), [...names].sort());
  assert.ok(containers.every(({ health }) => health === 'healthy'));
  const startOf = (name: string) => containers.find(({ service }) => service === name)?.startedAt ?? '';
  assert.ok(startOf('influxdb') < startOf('data-api'));
  assert.ok(startOf('data-api') < startOf('websocket-ingestion-test'));
  const api = containers.find(({ service }) => service === 'data-api');
  assert.equal(api?.image, 'ghcr.io/x/homeiq-data-api:new');
  assert.equal(api?.environment.INFLUXDB_BUCKET, 'home_assistant_events_test');
});

test('a second up changes no container; a changed key recreates just the services that use it', async () => {
  const { clock, compose, rehearsal, env } = await raised();
  const ids = async () =>
    new Map((await rehearsal.engine.containers('rehearsed')).map(({ service, id }) => [service, id]));
  const before = await ids();
  await finish(clock, compose.up(target, 'profile'));
  assert.deepEqual(await ids(), before);
  env.set('INFLUXDB_TOKEN', 'a-token');
  await finish(clock, compose.up(target, 'profile'));
  const changed = [...(await ids())].filter(([service, id]) => before.get(service) !== id);
  assert.deepEqual(changed.map(([service]) => service).sort(), ['data-api', 'websocket-ingestion-test']);
  const hashes = await compose.hashes(target);
  for (const { service, labels } of await rehearsal.engine.containers('rehearsed')) {
    assert.equal(labels['com.docker.compose.config-hash'], hashes.get(service ?? ''));
  }
});

test('a service that is left out does not start, and what waits for it starts all the same', async () => {
  const world = setUp();
  const { clock, compose, rehearsal, env } = world;
  env.set('HOMEIQ_DATA_API_ON', '0');
  await pullAll(world);
  await finish(clock, compose.up(target, 'profile'));
  const services = (await rehearsal.engine.containers('rehearsed')).map(({ service }) => service);
  assert.deepEqual(services.sort(), ['home-assistant-test', 'influxdb', 'websocket-ingestion-test']);
});

test('the database is set up, gives a limited token, proves itself, and tells how much arrives', async () => {
  const { clock, compose, rehearsal, env } = await raised();
  const influx = createRehearsalInflux({ rehearsal, clock, service: 'influxdb' })('http://127.0.0.1:8086');
  assert.equal(await influx.isSetupAllowed(), true);
  await influx.setup({
    username: 'admin',
    password: 'long-enough',
    org: 'homeiq-test',
    bucket: 'home_assistant_events_test',
    retentionSeconds: 604_800,
    token: 'operator',
  });
  const stored: string[] = [];
  const settingsWith = (storedToken: string | undefined) => ({
    test: { storedToken, retentionSeconds: 604_800 },
    production: { storedToken: undefined, retentionSeconds: 2_592_000 },
  });
  const request = {
    influx,
    operatorToken: 'operator',
    modes: ['test'] as const,
    settings: settingsWith(undefined),
    wishes: { changeRetention: false },
    deleteData: [],
    onDetail: () => undefined,
    storeToken: async (_mode: string, token: string) => void stored.push(token),
    signal: new AbortController().signal,
  };
  await ensureBuckets(request);
  const token = stored[0] ?? '';
  await verifyData({ influx, token, org: 'homeiq-test', bucket: 'home_assistant_events_test', clock });
  const ask = () => queryDataFlow(influx, token, 'homeiq-test', 'home_assistant_events_test', 60);
  assert.deepEqual(await ask(), { pointsPerMinute: 0, lastPointAgeSeconds: undefined });
  env.set('INFLUXDB_TOKEN', token);
  await finish(clock, compose.up(target, 'profile'));
  await clock.advance(120_000);
  const flow = await ask();
  assert.ok(flow.pointsPerMinute > 150 && flow.pointsPerMinute < 300, `${flow.pointsPerMinute}`);
  assert.ok((flow.lastPointAgeSeconds ?? 99) < 1);
  assert.deepEqual(
    await ensureBuckets({ ...request, settings: settingsWith(token) }).then(({ changed }) => changed),
    false,
  );
  await compose.stop(target, ['influxdb']);
  assert.equal((await influx.identify()).kind, 'not-ready');
});

test('the test Home Assistant is onboarded once, and knows its own token', async () => {
  const { rehearsal } = await raised();
  const homeAssistant = createRehearsalHomeAssistant({ rehearsal, service: 'home-assistant-test' })(
    'http://127.0.0.1:8124',
  );
  const user = { name: 'HomeIQ', username: 'homeiq', password: 'secret', language: 'en' };
  assert.deepEqual(await homeAssistant.onboardingState(), { kind: 'open', doneSteps: [] });
  const { token } = await homeAssistant.onboard(user, 'HomeIQ');
  assert.equal((await homeAssistant.checkToken(token)).kind, 'accepted');
  assert.equal((await homeAssistant.checkToken('another')).kind, 'refused');
  assert.equal((await homeAssistant.onboardingState()).kind, 'complete');
  await assert.rejects(homeAssistant.onboard(user, 'HomeIQ'), /already done/);
});
