/** The resolved Compose model of a deployment joined with the catalog. */

import type { Mode } from '../mode/mode.ts';

export const serviceGroups = ['infrastructure', 'ai', 'core', 'external', 'test'] as const;
export type ServiceGroup = (typeof serviceGroups)[number];

export const serviceTypes = [
  'infrastructure',
  'ai',
  'core',
  'external_api',
  'test',
  'data_generation',
] as const;
type ServiceType = (typeof serviceTypes)[number];

/** What the catalog in `x-homeiq` says of one service. */
export type CatalogEntry = {
  readonly group: ServiceGroup;
  readonly type: ServiceType;
  /** Its settings depend on the mode: a switch recreates it. */
  readonly bound: boolean;
  /** It reads or writes InfluxDB with the mode's token. */
  readonly database: boolean;
  readonly expectedMiB: number;
  /** Env keys without which it does not start and that only a person can give. */
  readonly needs: readonly string[];
  /** The same, in that mode alone. */
  readonly needsIn?: Readonly<Partial<Record<Mode, readonly string[]>>>;
  /** The service without which it cannot work: left out together with it. */
  readonly needsService?: string;
  /** The `ENABLE_…` key that switches it off when it is `false`. */
  readonly enabledBy?: string;
  /** The `HOMEIQ_…_ON` key: 0 leaves the service out of every start, a bare `docker compose up` included. */
  readonly onKey?: string;
  /** The `HOMEIQ_…_HELD` key: this program's own, 0 while a needed key or service is missing or the `ENABLE_…` key says no, else empty. */
  readonly heldKey?: string;
  /** An address of its first published port that is worth telling a person. */
  readonly web?: { readonly label: string; readonly path: string };
  /** It has the Docker socket, to look at containers: the audit expects it there. */
  readonly dockerSocket?: true;
  /** Stands in for something outside HomeIQ (the operator's Home Assistant): it runs, and is in no plan and no total. */
  readonly standIn?: true;
};

export type PublishedPort = {
  readonly hostAddress: string;
  readonly hostPort: number;
  readonly containerPort: number;
};

/** What Compose's `depends_on` says of one service that another waits for. */
export type Dependency = {
  readonly service: string;
  readonly condition: 'started' | 'healthy' | 'completed';
  /** False: when it is missing or fails, the other starts all the same. */
  readonly isRequired: boolean;
};

export type Service = CatalogEntry & {
  readonly name: string;
  /** `expectedMiB` was measured on this machine, and is not the catalog's. */
  readonly isMeasured?: true;
  readonly image: string;
  readonly hasBuild: boolean;
  /** Empty: the service belongs to both modes. */
  readonly profiles: readonly string[];
  /** Memory limit in MiB; undefined when Compose sets none. */
  readonly limitMiB: number | undefined;
  readonly reservedMiB: number | undefined;
  readonly ports: readonly PublishedPort[];
  /** The names of its `dependencies`. */
  readonly dependsOn: readonly string[];
  readonly dependencies: readonly Dependency[];
  readonly hasHealthcheck: boolean;
  /** The path that its healthcheck asks; absent: it asks none. */
  readonly healthPath?: string;
  /** `restart: no`: exit 0 means *done*. */
  readonly isOneShot: boolean;
  readonly environment: Readonly<Record<string, string>>;
};

export type Stack = {
  readonly project: string;
  readonly services: readonly Service[];
  /** Full names, as Docker knows them. */
  readonly volumes: readonly string[];
};

/** The services that Compose starts in this mode, in the order of the file. */
export const servicesOfMode = (stack: Stack, mode: Mode): readonly Service[] =>
  stack.services.filter(service => service.profiles.length === 0 || service.profiles.includes(mode));
