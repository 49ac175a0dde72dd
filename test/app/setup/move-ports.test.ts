/** Which host ports a draft asks the machine for, and where a service moves to. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { findMovedPorts } from '../../../src/app/setup/move-ports.ts';
import type { Stack } from '../../../src/core/stack/stack.ts';
import type { Container } from '../../../src/ports/engine.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { makeService } from '../../core/status/status-fixtures.ts';

const portOf = (hostPort: number) => ({ hostAddress: '127.0.0.1', hostPort, containerPort: 80 });

const serviceAt = (name: string, hostPort: number) =>
  makeService(name, 'core', 1, { ports: [portOf(hostPort)] as never });

const containerAt = (hostPort: number, over: Partial<Container>): Container =>
  ({
    name: 'one',
    project: 'homeiq',
    state: 'running',
    publishedPorts: [portOf(hostPort)],
    ...over,
  }) as Container;

/** A machine with these containers, where `held` are taken. */
function open(containers: readonly Container[], held: Readonly<Record<number, string | undefined>>) {
  const asked: number[] = [];
  const ports = {
    engine: { containers: async () => containers },
    host: {
      portsInUse: async (wanted: readonly { readonly port: number }[]) => {
        asked.push(...wanted.map(({ port }) => port));
        return wanted.flatMap(({ port }) => (port in held ? [{ port, holder: held[port] }] : []));
      },
    },
  } as unknown as Ports;
  const services = [serviceAt('a', 3000), serviceAt('b', 3010), serviceAt('c', 4000)];
  const stack = { project: 'homeiq', services } as unknown as Stack;
  return { asked, find: () => findMovedPorts(ports, stack, new Set(['a', 'b', 'c'])) };
}

it('asks for no port that a running container of its own has, and for no other near one that is free', async () => {
  const { asked, find } = open(
    [containerAt(3000, {}), containerAt(3010, { state: 'exited' }), containerAt(4000, { project: 'theirs' })],
    {},
  );
  assert.deepEqual(await find(), []);
  assert.deepEqual(asked, [3010, 4000]);
});

it('moves what another has to the nearest port that is free and that nobody else wants', async () => {
  const { find } = open([containerAt(4000, { name: 'their-web', project: 'theirs' })], {
    3000: 'nginx (pid 7)',
    3020: undefined,
    4000: 'docker-proxy (pid 8)',
  });
  assert.deepEqual(await find(), [
    { service: 'a', key: 'HOMEIQ_A_HOST_PORT', from: 3000, to: 3030, holder: 'nginx (pid 7)' },
    { service: 'c', key: 'HOMEIQ_C_HOST_PORT', from: 4000, to: 4010, holder: 'the container their-web' },
  ]);
});
