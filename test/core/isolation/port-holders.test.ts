import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePortHolders } from '../../../src/core/isolation/port-holders.ts';

const container = (name: string, project: string | undefined, ...ports: readonly number[]) => ({
  name,
  project,
  publishedPorts: ports.map(hostPort => ({ hostPort })),
});

test('a container is named before the process that listens for it', () => {
  const held = [
    { port: 8086, holder: 'docker-proxy (pid 7)' },
    { port: 3000, holder: 'grafana (pid 9)' },
    { port: 80, holder: undefined },
  ];
  assert.deepEqual(describePortHolders(held, [container('influx', undefined, 8086)], 'homeiq'), [
    { port: 8086, holder: 'the container influx' },
    { port: 3000, holder: 'grafana (pid 9)' },
    { port: 80, holder: 'another program' },
  ]);
});

test('what the deployment’s own containers hold is in nobody’s way', () => {
  const held = [{ port: 8086, holder: undefined }];
  const own = container('homeiq-influxdb-1', 'homeiq', 8086);
  assert.deepEqual(describePortHolders(held, [own], 'homeiq'), []);
  assert.deepEqual(describePortHolders(held, [own], 'homeiq-sandbox'), [
    { port: 8086, holder: 'the container homeiq-influxdb-1' },
  ]);
  assert.equal(describePortHolders(held, [own], undefined).length, 1);
});
