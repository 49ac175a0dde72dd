import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readInspectAnswer,
  toContainer,
  toEngineEvent,
  toGlance,
} from '../../../src/adapters/docker/engine-records.ts';

const read = (value: unknown) => toContainer(readInspectAnswer(value));

const inspected = {
  Id: 'abc',
  Name: '/homeiq-data-api-1',
  Image: 'sha256:1',
  RestartCount: 3,
  State: {
    Status: 'exited',
    ExitCode: 137,
    OOMKilled: true,
    StartedAt: '2026-11-23T22:51:26.1Z',
    Health: { Status: 'unhealthy' },
  },
  Config: {
    Image: 'data-api:1',
    Env: ['A=1', 'URL=http://x/?a=b', 'EMPTY=', 'BARE'],
    Labels: { 'com.docker.compose.project': 'homeiq', 'com.docker.compose.service': 'data-api' },
  },
  NetworkSettings: {
    Ports: {
      '80/tcp': [
        { HostIp: '0.0.0.0', HostPort: '8006' },
        { HostIp: '::', HostPort: '8006' },
      ],
      '81/tcp': null,
    },
  },
};

test('a container that ended', () => {
  assert.deepEqual(read(inspected), {
    id: 'abc',
    name: 'homeiq-data-api-1',
    project: 'homeiq',
    service: 'data-api',
    image: 'data-api:1',
    imageId: 'sha256:1',
    state: 'exited',
    health: 'unhealthy',
    exitCode: 137,
    startedAt: '2026-11-23T22:51:26.1Z',
    restartCount: 3,
    wasKilledForMemory: true,
    environment: { A: '1', URL: 'http://x/?a=b', EMPTY: '', BARE: '' },
    labels: inspected.Config.Labels,
    publishedPorts: [
      { hostAddress: '0.0.0.0', hostPort: 8006 },
      { hostAddress: '::', hostPort: 8006 },
    ],
  });
});

test('a running container has no exit code; one that never ran has no start either', () => {
  const running = read({ ...inspected, State: { ...inspected.State, Status: 'running' } });
  assert.equal(running.exitCode, undefined);
  const created = read({
    ...inspected,
    State: { Status: 'created', ExitCode: 128, StartedAt: '0001-01-01T00:00:00Z' },
  });
  assert.deepEqual([created.exitCode, created.startedAt, created.health], [undefined, undefined, 'none']);
});

test('a container without labels, settings or network', () => {
  const bare = read({
    Id: 'abc',
    Name: '/x',
    Image: 'sha256:1',
    State: { Status: 'running', StartedAt: '2026-11-23T22:51:26.1Z', Health: null },
    Config: { Image: 'x', Env: null, Labels: null },
  });
  assert.deepEqual([bare.project, bare.environment, bare.publishedPorts], [undefined, {}, []]);
});

test('events by what they say', () => {
  const event = (Action: string, attributes: Readonly<Record<string, string>> = {}) =>
    toEngineEvent({
      Action,
      Actor: { ID: 'abc', Attributes: attributes },
      timeNano: 1_795_474_285_598_000_000,
    });
  assert.equal(event('die', { exitCode: '137' })?.exitCode, 137);
  assert.equal(event('start', { exitCode: '1' })?.exitCode, undefined);
  assert.equal(event('kill', { signal: '15' })?.signal, 15);
  assert.equal(event('kill', { signal: 'x' })?.signal, undefined);
  assert.equal(event('die', { signal: '9' })?.signal, undefined);
  assert.deepEqual(event('health_status: healthy'), {
    action: 'health',
    containerId: 'abc',
    service: undefined,
    health: 'healthy',
    exitCode: undefined,
    atMs: 1_795_474_285_598,
  });
  assert.equal(event('exec_start: curl'), undefined);
  assert.equal(event('attach'), undefined);
});

test('what is no event is none', () => {
  for (const value of [null, 1, 'x', {}, { Action: 'die' }, { Action: 'die', Actor: {} }]) {
    assert.equal(toEngineEvent(value), undefined);
  }
});

test('a list tells health and exit code in words', () => {
  const told = (State: string, Status: string) => {
    const { state, health, exitCode } = toGlance({
      Id: 'abc',
      Names: ['/homeiq-data-api-1'],
      Labels: {},
      State,
      Status,
    });
    return [state, health, exitCode];
  };
  assert.deepEqual(told('running', 'Up 3 minutes'), ['running', 'none', undefined]);
  assert.deepEqual(told('running', 'Up 2 seconds (health: starting)'), ['running', 'starting', undefined]);
  assert.deepEqual(told('running', 'Up 3 minutes (healthy)'), ['running', 'healthy', undefined]);
  assert.deepEqual(told('running', 'Up 3 minutes (unhealthy)'), ['running', 'unhealthy', undefined]);
  assert.deepEqual(told('paused', 'Up 3 minutes (Paused)'), ['paused', 'none', undefined]);
  assert.deepEqual(told('exited', 'Exited (137) 2 hours ago'), ['exited', 'none', 137]);
  assert.deepEqual(told('restarting', 'Restarting (1) 5 seconds ago'), ['restarting', 'none', 1]);
  assert.deepEqual(told('created', 'Created'), ['created', 'none', undefined]);
});
