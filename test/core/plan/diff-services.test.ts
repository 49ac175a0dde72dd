import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryOnTheWay } from '../../../src/core/memory/memory-on-the-way.ts';
import type { Mode } from '../../../src/core/mode/mode.ts';
import {
  type ContainerToCompare,
  diffServices,
  type ServicesToCompare,
} from '../../../src/core/plan/diff-services.ts';
import { planServices } from '../../../src/core/plan/plan-services.ts';
import { type Service, type Stack, servicesOfMode } from '../../../src/core/stack/stack.ts';
import { bundledStack, templateValues } from '../../helpers/bundled-stack.ts';

const given = {
  HA_HTTP_URL: 'http://ha:8123',
  HA_TOKEN: 't',
  OPENAI_API_KEY: 'k',
  MQTT_BROKER: 'mqtt',
  WEATHER_API_KEY: 'w',
  WATTTIME_USERNAME: 'u',
  WATTTIME_PASSWORD: 'p',
};

/** The stack as it resolves in the mode: what is bound carries it. */
const stackOf = (mode: Mode): Stack => {
  const stack = bundledStack();
  return {
    ...stack,
    services: stack.services.map(service => ({
      ...service,
      environment: service.bound
        ? { ...service.environment, DEPLOYMENT_MODE: mode, INFLUXDB_TOKEN: `secret-of-${mode}` }
        : service.environment,
    })),
  };
};

/** What Compose's hash depends on, as far as a stack knows it. */
const hashOf = ({ image, environment, ports, limitMiB }: Service): string =>
  JSON.stringify({ image, environment, ports, limitMiB });

const idOf = (reference: string): string => `sha256:${reference}`;

const containerOf = (service: Service, change: Partial<ContainerToCompare> = {}): ContainerToCompare => ({
  name: `homeiq-${service.name}-1`,
  service: service.name,
  state: 'running',
  exitCode: undefined,
  image: service.image,
  imageId: idOf(service.image),
  ...(service.limitMiB === undefined ? {} : { limitMiB: service.limitMiB }),
  environment: { PATH: '/bin', ...service.environment },
  labels: { 'com.docker.compose.config-hash': hashOf(service) },
  publishedPorts: service.ports,
  ...change,
});

const runningIn = (mode: Mode): readonly ContainerToCompare[] =>
  servicesOfMode(stackOf(mode), mode).map(service => containerOf(service));

function wanted(mode: Mode, containers: readonly ContainerToCompare[], values = {}): ServicesToCompare {
  const stack = stackOf(mode);
  return {
    mode,
    stack,
    services: planServices(stack, mode, { ...templateValues(mode), ...given, ...values }),
    containers,
    hashes: new Map(stack.services.map(service => [service.name, hashOf(service)])),
    imageIds: new Map(stack.services.map(({ image }) => [image, idOf(image)])),
  };
}

const names = (changes: ReturnType<typeof diffServices>, kind: string): readonly string[] =>
  changes.filter(change => change.kind === kind).map(({ name }) => name);

/** What happens to data-api when its container differs from the wanted one in this way. */
function changeOfDataApi(change: Partial<ContainerToCompare>) {
  const containers = runningIn('test').map(container =>
    container.service === 'data-api' ? { ...container, ...change } : container,
  );
  return diffServices(wanted('test', containers)).find(({ name }) => name === 'data-api');
}

const otherHash = { 'com.docker.compose.config-hash': 'other' };

describe('diffServices', () => {
  test('a switch stops what is of the other mode, keeps what is neutral, and says why it recreates', () => {
    const changes = diffServices(wanted('production', runningIn('test')));
    assert.deepEqual(names(changes, 'stop'), ['home-assistant-test', 'websocket-ingestion-test']);
    assert.deepEqual(
      names(changes, 'keep').toSorted(),
      stackOf('test')
        .services.filter(({ bound, profiles }) => !bound && profiles.length === 0)
        .map(({ name }) => name)
        .toSorted(),
    );
    assert.equal(names(changes, 'start').length, 8);
    assert.deepEqual(
      changes.find(({ name }) => name === 'data-api'),
      { kind: 'recreate', name: 'data-api', reasons: ['DEPLOYMENT_MODE', 'INFLUXDB_TOKEN'] },
    );
    assert.doesNotMatch(JSON.stringify(changes), /secret-of/);
  });

  test('what runs as wanted is kept, all of it', () => {
    const changes = diffServices(wanted('production', runningIn('production')));
    assert.deepEqual([...new Set(changes.map(({ kind }) => kind))], ['keep']);
  });

  test('a dependency that is recreated takes no other service with it', () => {
    const containers = runningIn('test').map(container =>
      container.service === 'influxdb' ? { ...container, labels: otherHash } : container,
    );
    assert.deepEqual(names(diffServices(wanted('test', containers)), 'recreate'), ['influxdb']);
  });

  test('what is stopped, or not there, starts', () => {
    assert.deepEqual(changeOfDataApi({ state: 'exited', exitCode: 137, publishedPorts: [] }), {
      kind: 'start',
      name: 'data-api',
    });
    assert.deepEqual(names(diffServices(wanted('test', [])), 'start').length, 16);
  });

  test('a stopped container of the other mode is nothing to stop', () => {
    const containers = runningIn('test').map(container => ({ ...container, state: 'exited' as const }));
    assert.deepEqual(names(diffServices(wanted('production', containers)), 'stop'), []);
  });

  test('every reason has its own words', () => {
    const reasonsOf = (change: Partial<ContainerToCompare>): readonly string[] | undefined => {
      const seen = changeOfDataApi(change);
      return seen?.kind === 'recreate' ? seen.reasons : undefined;
    };
    const labels = otherHash;
    assert.deepEqual(reasonsOf({ imageId: 'sha256:old' }), ['a newer image']);
    assert.deepEqual(reasonsOf({ labels, image: 'data-api:old', imageId: 'sha256:old' }), ['another image']);
    assert.deepEqual(reasonsOf({ labels, limitMiB: 64 }), ['its memory limit']);
    assert.deepEqual(reasonsOf({ labels, publishedPorts: [{ hostAddress: '127.0.0.1', hostPort: 9 }] }), [
      'its published ports',
    ]);
    assert.deepEqual(reasonsOf({ labels }), ['a setting of its container']);
  });

  test('the image id that Compose noted on the container counts', () => {
    const service = stackOf('test').services.find(({ name }) => name === 'data-api');
    assert.ok(service !== undefined);
    const labels = {
      'com.docker.compose.config-hash': hashOf(service),
      'com.docker.compose.image': idOf(service.image),
    };
    assert.equal(changeOfDataApi({ labels, imageId: 'sha256:of-the-platform' })?.kind, 'keep');
  });

  test('a service that is left out, or was started by hand with another profile, is stopped', () => {
    const stack = stackOf('production');
    const weather = stack.services.find(({ name }) => name === 'weather-api');
    assert.ok(weather !== undefined);
    const leftOut = diffServices(
      wanted('production', runningIn('production'), { HOMEIQ_WEATHER_API_ON: '0' }),
    );
    assert.deepEqual(
      leftOut.find(({ name }) => name === 'weather-api'),
      { kind: 'stop', name: 'weather-api', reason: 'left out by you (HOMEIQ_WEATHER_API_ON=0)' },
    );
    const byHand = diffServices(
      wanted('test', [...runningIn('test'), containerOf(weather, { state: 'paused' })]),
    );
    assert.deepEqual(
      byHand.filter(({ kind }) => kind === 'stop'),
      [{ kind: 'stop', name: 'weather-api', reason: 'it belongs to production only' }],
    );
    const [data] = runningIn('production');
    assert.ok(data !== undefined);
    const stranger = { ...data, service: 'mine', environment: { DEPLOYMENT_MODE: 'production' } };
    assert.deepEqual(diffServices(wanted('test', [...runningIn('test'), stranger])).at(-1), {
      kind: 'stop',
      name: 'mine',
      reason: 'it runs in production',
    });
  });
});

test('memory on the way is never more than the larger of both ends', () => {
  const containers = runningIn('test');
  const sizes = new Map(bundledStack().services.map(({ name, expectedMiB }) => [name, expectedMiB]));
  const running = new Set(containers.flatMap(({ service }) => (service === undefined ? [] : [service])));
  assert.deepEqual(memoryOnTheWay(diffServices(wanted('production', containers)), running, sizes), {
    beforeMiB: 5120,
    worstMiB: 5632,
    afterMiB: 5632,
  });
});
