/** A small stack and its containers, for the tests of the status. */

import type { Service, ServiceGroup, Stack } from '../../../src/core/stack/stack.ts';
import { createStatus, type StatusOptions } from '../../../src/core/status/create-status.ts';
import type { StatusInput } from '../../../src/core/status/reduce-status.ts';
import type { ContainerSeen, EngineEventSeen } from '../../../src/core/status/status-input.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';

export const startMs = Date.parse('2026-01-05T12:00:00.000Z');

export const makeService = (
  name: string,
  group: ServiceGroup,
  expectedMiB: number,
  over: Partial<Service> = {},
): Service => ({
  name,
  group,
  type: group === 'external' ? 'external_api' : group,
  bound: group !== 'infrastructure',
  database: false,
  expectedMiB,
  needs: [],
  image: `image/${name}`,
  hasBuild: true,
  profiles: [],
  limitMiB: expectedMiB * 2,
  reservedMiB: undefined,
  ports: [],
  dependsOn: [],
  dependencies: [],
  hasHealthcheck: true,
  isOneShot: false,
  environment: {},
  ...over,
});

const stack: Stack = {
  project: 'homeiq',
  services: [
    makeService('influxdb', 'infrastructure', 2048),
    makeService('openvino-service', 'ai', 512),
    makeService('data-api', 'core', 320),
    makeService('migrate', 'core', 0, { isOneShot: true, hasHealthcheck: false }),
    makeService('websocket-ingestion', 'core', 256, { profiles: ['production'] }),
    makeService('home-assistant-test', 'test', 384, { profiles: ['test'] }),
  ],
  volumes: [],
};

export const statusOptions: StatusOptions = {
  mode: 'test',
  level: 'bundled',
  project: 'homeiq',
  folder: '/home/somebody/homeiq',
  stack,
  leftOut: {},
  cores: 4,
  budgetMiB: 8192,
  bucket: 'home_assistant_events_test',
  nowMs: startMs,
};

export const makeStatus = (over: Partial<StatusOptions> = {}): StatusState =>
  createStatus({ ...statusOptions, ...over });

export const makeContainer = (service: string, over: Partial<ContainerSeen> = {}): ContainerSeen => ({
  id: `id-${service}`,
  name: `homeiq-${service}-1`,
  service,
  state: 'running',
  health: 'healthy',
  exitCode: undefined,
  startedAt: new Date(startMs - 60_000).toISOString(),
  restartCount: 0,
  wasKilledForMemory: false,
  environment: { DEPLOYMENT_MODE: 'test' },
  ...over,
});

/** All that test mode wants, as it should be. */
export const goodContainers: readonly ContainerSeen[] = [
  makeContainer('influxdb', { environment: {} }),
  makeContainer('openvino-service', { environment: {} }),
  makeContainer('data-api'),
  makeContainer('migrate', { state: 'exited', exitCode: 0, health: 'none' }),
  makeContainer('home-assistant-test'),
];

/** Of the container of data-api; `figure` is the exit code of a `die`, and the signal of a `kill`. */
export const engineEvent = (
  atMs: number,
  action: EngineEventSeen['action'],
  figure?: number,
): StatusInput => ({
  kind: 'engine-event',
  event: {
    action,
    containerId: 'id-data-api',
    service: 'data-api',
    health: undefined,
    exitCode: action === 'die' ? figure : undefined,
    ...(action === 'kill' && figure !== undefined ? { signal: figure } : {}),
    atMs,
  },
});
