/** What a plan does to each service: what runs against what is wanted, told apart as Compose does it. */

import { isMode, type Mode } from '../mode/mode.ts';
import type { PublishedPort, Service, Stack } from '../stack/stack.ts';
import type { PlannedService } from './plan.ts';
import type { ServiceChange } from './service-change.ts';

const configHashLabel = 'com.docker.compose.config-hash';
const imageLabel = 'com.docker.compose.image';
const oneOffLabel = 'com.docker.compose.oneoff';
const modeVariable = 'DEPLOYMENT_MODE';

/** The parts of a container that the comparison needs. The engine port's containers have them and more. */
export type ContainerToCompare = {
  readonly name: string;
  readonly service: string | undefined;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  readonly exitCode: number | undefined;
  readonly image: string;
  readonly imageId: string;
  /** Undefined: none, or not known. */
  readonly limitMiB?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly publishedPorts: readonly { readonly hostAddress: string; readonly hostPort: number }[];
};

export type ServicesToCompare = {
  readonly mode: Mode;
  /** Resolved with the values of the wanted mode. */
  readonly stack: Stack;
  /** Every service of the wanted mode. */
  readonly services: readonly PlannedService[];
  /** Of the whole project, stopped ones included. */
  readonly containers: readonly ContainerToCompare[];
  /** Wanted config hash by service, as Compose makes it. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Image id by reference, of the images that are here. */
  readonly imageIds: ReadonlyMap<string, string>;
};

const hasProcess = ({ state }: ContainerToCompare): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting';

const isOneOff = ({ labels }: ContainerToCompare): boolean => labels[oneOffLabel]?.toLowerCase() === 'true';

/** Both address families of a port that is open to everybody are one publication. */
const portNames = (ports: readonly Pick<PublishedPort, 'hostAddress' | 'hostPort'>[]): string => {
  const names = ports.map(({ hostAddress, hostPort }) =>
    hostAddress === '' || hostAddress === '::' ? `0.0.0.0:${hostPort}` : `${hostAddress}:${hostPort}`,
  );
  return [...new Set(names)].toSorted().join();
};

/** Compose compares the id that it noted on the container; one that it did not make has its own only. */
function imageReason(
  service: Service,
  container: ContainerToCompare,
  wantedId: string | undefined,
): readonly string[] {
  if (container.image !== service.image && !container.image.startsWith('sha256:')) return ['another image'];
  const seenId = container.labels[imageLabel] ?? container.imageId;
  return wantedId === undefined || wantedId === seenId || wantedId === container.imageId
    ? []
    : ['a newer image'];
}

/** Names of the keys, never their values. What the image itself sets, and nobody else, is not the operator's change. */
const changedKeys = (service: Service, container: ContainerToCompare): readonly string[] =>
  Object.entries(service.environment)
    .filter(([key, value]) => (container.environment[key] ?? '') !== value)
    .map(([key]) => key)
    .toSorted();

function settingReasons(service: Service, container: ContainerToCompare): readonly string[] {
  const reasons = [
    ...changedKeys(service, container),
    // A container that does not run publishes nothing.
    ...(container.state === 'running' && portNames(service.ports) !== portNames(container.publishedPorts)
      ? ['its published ports']
      : []),
    ...(container.limitMiB !== undefined && container.limitMiB !== service.limitMiB
      ? ['its memory limit']
      : []),
  ];
  return reasons.length === 0 ? ['a setting of its container'] : reasons;
}

/** Why Compose would make the container anew; empty when it would leave it. */
function recreateReasons(
  service: Service,
  container: ContainerToCompare,
  { hashes, imageIds }: ServicesToCompare,
): readonly string[] {
  const image = imageReason(service, container, imageIds.get(service.image));
  const hasOtherSettings = container.labels[configHashLabel] !== hashes.get(service.name);
  if (!hasOtherSettings) return image.includes('another image') ? [] : image;
  const settings = settingReasons(service, container);
  return image.length > 0 && settings.includes('a setting of its container')
    ? image
    : [...settings, ...image];
}

const describeForeign = ({ profiles }: Service): string => {
  const [profile] = profiles;
  if (profile === undefined) return 'it is not wanted';
  return isMode(profile)
    ? `it belongs to ${profile} only`
    : `it was started by hand with the profile ${profile}`;
};

function changeOf(service: Service, input: ServicesToCompare): readonly ServiceChange[] {
  const { name } = service;
  const planned = input.services.find(other => other.name === name);
  const isOfMode = service.profiles.length === 0 || service.profiles.includes(input.mode);
  const starts = planned?.start ?? (isOfMode && service.standIn === true);
  const own = input.containers.filter(container => container.service === name);
  if (!starts) {
    const reason = planned?.reason ?? describeForeign(service);
    return own.some(hasProcess) ? [{ kind: 'stop', name, reason }] : [];
  }
  const candidates = own.filter(container => !isOneOff(container));
  const container = candidates.find(hasProcess) ?? candidates[0];
  if (container === undefined) return [{ kind: 'start', name }];
  const reasons = recreateReasons(service, container, input);
  if (reasons.length > 0) return [{ kind: 'recreate', name, reasons }];
  const isDone = service.isOneShot && container.state === 'exited' && container.exitCode === 0;
  const isUp = container.state === 'running' || container.state === 'restarting' || isDone;
  return [{ kind: isUp ? 'keep' : 'start', name }];
}

/** Containers of the project that are of no service in the stack, and run in another mode. */
const strangersOfOtherMode = ({ stack, containers, mode }: ServicesToCompare): readonly ServiceChange[] => {
  const known = new Set(stack.services.map(({ name }) => name));
  return containers.flatMap(container => {
    const own = container.environment[modeVariable];
    if (!hasProcess(container) || own === undefined || own === mode) return [];
    return container.service !== undefined && known.has(container.service)
      ? []
      : [{ kind: 'stop', name: container.service ?? container.name, reason: `it runs in ${own}` }];
  });
};

/**
 * One change for each service that runs or is wanted, in the order of the stack. A container is made anew when its
 * config hash or its image differs, and never because of a dependency: a run starts what it wants by name. A service
 * whose images are not here yet is judged by its settings alone.
 */
export const diffServices = (input: ServicesToCompare): readonly ServiceChange[] => [
  ...input.stack.services.flatMap(service => changeOf(service, input)),
  ...strangersOfOtherMode(input),
];
