/** Services that run with a replaced token are recreated, and no others. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findOutdatedServices } from '../../../src/app/buckets/outdated-services.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import { tokenUsersStep } from '../../../src/app/worker/token-users-step.ts';
import type { Container } from '../../../src/ports/engine.ts';
import { makeService } from '../../core/status/status-fixtures.ts';
import { influxdbContainer } from '../../helpers/bucket-deployment.ts';

const container = (
  service: string,
  environment: Readonly<Record<string, string>> = {},
  state: Container['state'] = 'running',
): Container => ({ ...influxdbContainer, id: service, service, environment, state });

const old = { INFLUXDB_TOKEN: 'old', DEPLOYMENT_MODE: 'test' };
const containers = [
  container('influxdb'),
  container('data-api', old),
  container('admin-api', { ...old, INFLUXDB_TOKEN: 'new' }),
  container('weather-api', old, 'exited'),
  container('energy-correlator', { ...old, DEPLOYMENT_MODE: 'production' }),
  container('ml-service'),
];

/** A run whose Compose recreates what it is told to, with the token of `.env`. */
function createContext(recreates: boolean, services: Readonly<Record<string, unknown>> = {}) {
  let now = containers;
  const ups: (readonly string[])[] = [];
  const dependsOn: Readonly<Record<string, readonly string[]>> = {
    'data-api': ['influxdb', 'weather-api'],
    'admin-api': ['data-api'],
  };
  const context = {
    plan: { project: 'homeiq' },
    request: { mode: 'test' },
    target: {},
    wantedTarget: async () => ({}),
    detail: () => {},
    signal: new AbortController().signal,
    values: async () => ({ INFLUXDB_TOKEN: 'new' }),
    stack: async () => ({
      project: 'homeiq',
      volumes: [],
      services: containers.map(({ service = '' }) => ({
        ...makeService(service, 'core', 1),
        dependsOn: dependsOn[service] ?? [],
      })),
    }),
    ports: {
      engine: { containers: async () => now },
      files: { folder: '/f', readModeEnv: async () => undefined, readSecret: async () => undefined },
      program: { template: async () => '#! homeiq template version 1 for test\n' },
      compose: {
        resolve: async () => ({ name: 'homeiq', services }),
        up: async (_target: unknown, services: readonly string[]) => {
          ups.push(services);
          if (!recreates) return;
          now = now.map(each =>
            services.includes(each.service ?? '') && each.environment.INFLUXDB_TOKEN !== undefined
              ? { ...each, environment: { ...each.environment, INFLUXDB_TOKEN: 'new' } }
              : each,
          );
        },
      },
    },
  } as unknown as StepContext;
  return { context, ups };
}

describe('A replaced token', () => {
  test('makes services of its mode outdated that run with another one', () => {
    assert.deepEqual(findOutdatedServices(containers, 'test', 'new'), ['data-api']);
    assert.deepEqual(findOutdatedServices(containers, 'production', 'new'), ['energy-correlator']);
    assert.deepEqual(findOutdatedServices(containers, 'test', undefined), ['data-api', 'admin-api']);
  });

  test('is given to them, with what they wait for and runs named too', async () => {
    const { context, ups } = createContext(true);
    assert.equal((await tokenUsersStep.check(context)).isDone, false);
    assert.match(await tokenUsersStep.act(context), /recreated with the new token: data-api$/);
    await tokenUsersStep.verify(context);
    assert.deepEqual(ups, [['data-api', 'influxdb']]);
    assert.equal((await tokenUsersStep.check(context)).isDone, true);
  });

  test('is given to nobody while the stack does not keep the modes apart', async () => {
    const { context, ups } = createContext(true, {
      'data-api': { image: 'i', environment: { INFLUXDB_BUCKET: 'home_assistant_events' } },
    });
    await assert.rejects(tokenUsersStep.act(context), {
      exitCode: 3,
      message: /which is a bucket of production/,
    });
    assert.deepEqual(ups, []);
  });

  test('is not claimed to be theirs when they still run with the old one', async () => {
    const { context } = createContext(false);
    await tokenUsersStep.act(context);
    await assert.rejects(tokenUsersStep.verify(context), /still to be recreated: data-api/);
  });
});
