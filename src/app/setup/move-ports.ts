/** Host ports that something else already uses: where each service could move to, and who has its port. */

import { describePortHolders } from '../../core/isolation/port-holders.ts';
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

/** What the project's own containers hold: nobody else can. */
const ownPorts = (containers: readonly Container[], project: string): ReadonlySet<number> =>
  new Set(
    containers
      .filter(container => container.project === project && container.state === 'running')
      .flatMap(({ publishedPorts }) => publishedPorts.map(({ hostPort }) => hostPort)),
  );

/** Looks at the machine only; nothing is reserved. Without an engine nothing is found to be in the way. */
export async function findMovedPorts(
  ports: Ports,
  stack: Stack,
  starts: ReadonlySet<string>,
): Promise<readonly MovedPort[]> {
  const containers = await ports.engine.containers(undefined).catch(() => undefined);
  if (containers === undefined) return [];
  const wanted = wantedPorts(stack, starts);
  const own = ownPorts(containers, stack.project);
  const held = describePortHolders(
    await ports.host.portsInUse(wanted.filter(({ port }) => !own.has(port))),
    containers,
    stack.project,
  );
  if (held.length === 0) return [];
  const holders = new Map(held.map(({ port, holder }) => [port, holder]));
  const others = await ports.host.portsInUse(
    wanted
      .filter(({ port }) => holders.has(port))
      .flatMap(({ address, port }) => alternatives(port).map(other => ({ address, port: other }))),
  );
  const taken = new Set([...wanted, ...others].map(({ port }) => port));
  return wanted.flatMap(({ service, key, port }) => {
    const holder = holders.get(port);
    if (holder === undefined) return [];
    const to = alternatives(port).find(candidate => !taken.has(candidate));
    if (to !== undefined) taken.add(to);
    return [{ service, key, from: port, to, holder }];
  });
}

export const describeMovedPort = ({ service, from, to, holder }: MovedPort): string =>
  to === undefined
    ? `Port ${from} of ${service} is used by ${holder}, and no port near it is free.`
    : `Port ${from} is used by ${holder}. ${service} moves to ${to}.`;
