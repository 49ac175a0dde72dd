/** What the audit looks at in a service besides what every other part of the program needs. */

import { isAbsent, itemsOf, member, membersOf, type Reader } from '../stack/model-reader.ts';
import { readCatalog } from '../stack/parse-catalog.ts';
import { parseStack } from '../stack/parse-stack.ts';
import type { Service } from '../stack/stack.ts';

type Mount = {
  readonly kind: 'bind' | 'volume';
  /** A path of the host, or the key of a volume in the Compose file. */
  readonly source: string;
};

type BoundPort = {
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly protocol: string;
};

export type AuditedService = Service & {
  /** False: the operator's own, which the catalog does not know. */
  readonly isCatalogued: boolean;
  /** False: a bare `docker compose up` leaves it out although its profile is active. */
  readonly hasReplicas: boolean;
  readonly isPrivileged: boolean;
  readonly networkMode: string;
  readonly mounts: readonly Mount[];
  readonly boundPorts: readonly BoundPort[];
};

const textOr = ({ value }: Reader, fallback: string): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : fallback;

const readMount = (reader: Reader): Mount => ({
  kind: member(reader, 'type').value === 'bind' ? 'bind' : 'volume',
  source: textOr(member(reader, 'source'), ''),
});

/** A published range is one container's business: its first port stands for it. */
function readBoundPort(reader: Reader): readonly BoundPort[] {
  const hostPort = Number.parseInt(textOr(member(reader, 'published'), ''), 10);
  if (!Number.isSafeInteger(hostPort)) return [];
  return [
    {
      hostPort,
      hostAddress: textOr(member(reader, 'host_ip'), '0.0.0.0'),
      protocol: textOr(member(reader, 'protocol'), 'tcp'),
    },
  ];
}

/** The services of a resolved model. Throws a UserError that names the place when it has another shape. */
export function readAuditedServices(resolved: unknown): readonly AuditedService[] {
  const model: Reader = { place: '', value: resolved };
  const catalogued = new Set(readCatalog(model).map(({ name }) => name));
  const services = new Map(membersOf(member(model, 'services')));
  return parseStack(resolved).services.map(service => {
    const reader = services.get(service.name) ?? model;
    const replicas = member(member(reader, 'deploy'), 'replicas');
    const scale = isAbsent(replicas) ? member(reader, 'scale') : replicas;
    return {
      ...service,
      isCatalogued: catalogued.has(service.name),
      hasReplicas: isAbsent(scale) || Number(scale.value) !== 0,
      isPrivileged: member(reader, 'privileged').value === true,
      networkMode: textOr(member(reader, 'network_mode'), ''),
      mounts: itemsOf(member(reader, 'volumes')).map(readMount),
      boundPorts: itemsOf(member(reader, 'ports')).flatMap(readBoundPort),
    };
  });
}
