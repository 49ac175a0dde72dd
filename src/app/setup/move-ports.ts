/** Host ports that something else already uses: where each service could move to, and who has its port. */

import type { Stack } from '../../core/stack/stack.ts';
import type { Container } from '../../ports/engine.ts';
import type { Ports } from '../../ports/ports.ts';
import type { MovedPort } from '../wizard/wizard-types.ts';

/** A free port is looked for in steps of 10, so that the number stays recognisable: 3000, 3010, 3020, … */
const searchStep = 10;
const searchCount = 5;

/** The key that moves a service's host port, as `compose.yaml` names it. */
const hostPortKey = (service: string): string =>
  `HOMEIQ_${service.toUpperCase().replaceAll('-', '_')}_HOST_PORT`;

type Wanted = {
  readonly service: string;
  readonly key: string;
  readonly address: string;
  readonly port: number;
};

const wantedPorts = (stack: Stack, starts: ReadonlySet<string>): readonly Wanted[] =>
  stack.services
    .filter(({ name }) => starts.has(name))
    .flatMap(({ name, ports: [port] }) =>
      port === undefined
        ? []
        : [{ service: name, key: hostPortKey(name), address: port.hostAddress, port: port.hostPort }],
    );

const alternatives = (port: number): readonly number[] =>
  Array.from({ length: searchCount }, (_, index) => port + (index + 1) * searchStep);

function nameHolder(containers: readonly Container[], port: number, process: string | undefined): string {
  const container = containers.find(({ publishedPorts }) =>
    publishedPorts.some(({ hostPort }) => hostPort === port),
  );
  return container === undefined ? (process ?? 'another program') : `the container ${container.name}`;
}

/** Looks at the machine only; nothing is reserved. Without an engine nothing is found to be in the way. */
export async function findMovedPorts(
  ports: Ports,
  stack: Stack,
  starts: ReadonlySet<string>,
): Promise<readonly MovedPort[]> {
  const containers = await ports.engine.containers(undefined).catch(() => undefined);
  if (containers === undefined) return [];
  const ours = new Set(
    containers
      .filter(({ project }) => project === stack.project)
      .flatMap(({ publishedPorts }) => publishedPorts.map(({ hostPort }) => hostPort)),
  );
  const wanted = wantedPorts(stack, starts).filter(({ port }) => !ours.has(port));
  const candidates = wanted.flatMap(({ address, port }) =>
    [port, ...alternatives(port)].map(candidate => ({ address, port: candidate })),
  );
  const held = new Map((await ports.host.portsInUse(candidates)).map(({ port, holder }) => [port, holder]));
  const taken = new Set([...wantedPorts(stack, starts).map(({ port }) => port), ...ours]);
  const moved: MovedPort[] = [];
  for (const { service, key, port } of wanted.filter(({ port }) => held.has(port))) {
    const to = alternatives(port).find(candidate => !held.has(candidate) && !taken.has(candidate));
    if (to !== undefined) taken.add(to);
    moved.push({
      service,
      key,
      from: port,
      to,
      holder: nameHolder(containers, port, held.get(port)),
    });
  }
  return moved;
}

export const describeMovedPort = ({ service, from, to, holder }: MovedPort): string =>
  to === undefined
    ? `Port ${from} of ${service} is used by ${holder}, and no port near it is free.`
    : `Port ${from} is used by ${holder}. ${service} moves to ${to}.`;
