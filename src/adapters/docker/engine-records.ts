/** From the engine's JSON to this program's records. Field names as in the Engine API, 1.41 and later. */

import type { Container, ContainerHealth, ContainerState, EngineEvent } from '../../ports/engine.ts';

export const projectLabel = 'com.docker.compose.project';
export const serviceLabel = 'com.docker.compose.service';
const bytesPerMiB = 1_048_576;

/** The fields read of `GET /containers/{id}/json`. */
export type InspectAnswer = {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount?: number;
  readonly State: {
    readonly Status: string;
    readonly Running?: boolean;
    readonly ExitCode?: number;
    readonly OOMKilled?: boolean;
    readonly StartedAt?: string;
    readonly Health?: { readonly Status?: string } | null;
  };
  readonly Config: {
    readonly Image: string;
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Tty?: boolean;
  };
  /** Memory in bytes; 0: no limit. */
  readonly HostConfig?: { readonly Memory?: number } | null;
  readonly Mounts?: readonly { readonly Type?: string; readonly Name?: string }[] | null;
  readonly NetworkSettings?: {
    readonly Ports?: Readonly<
      Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>
    > | null;
  };
};

const states: readonly ContainerState[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];

export function toContainer(answer: InspectAnswer): Container {
  const labels = answer.Config.Labels ?? {};
  const state = states.find(known => known === answer.State.Status) ?? 'dead';
  const hasStarted = answer.State.StartedAt !== undefined && !answer.State.StartedAt.startsWith('0001-');
  const runsNow = state === 'running' || state === 'paused';
  const volumes = (answer.Mounts ?? []).flatMap(({ Type, Name }) =>
    Type === 'volume' && Name !== undefined ? [Name] : [],
  );
  const limitBytes = answer.HostConfig?.Memory ?? 0;
  return {
    id: answer.Id,
    name: answer.Name.replace(/^\//, ''),
    project: labels[projectLabel],
    service: labels[serviceLabel],
    image: answer.Config.Image,
    imageId: answer.Image,
    state,
    health: toHealth(answer.State.Health?.Status),
    exitCode: hasStarted && !runsNow ? answer.State.ExitCode : undefined,
    startedAt: hasStarted ? answer.State.StartedAt : undefined,
    restartCount: answer.RestartCount ?? 0,
    wasKilledForMemory: answer.State.OOMKilled ?? false,
    ...(limitBytes > 0 ? { limitMiB: limitBytes / bytesPerMiB } : {}),
    environment: toEnvironment(answer.Config.Env ?? []),
    labels,
    ...(volumes.length === 0 ? {} : { volumes }),
    publishedPorts: Object.values(answer.NetworkSettings?.Ports ?? {}).flatMap(bindings =>
      (bindings ?? []).map(binding => ({ hostAddress: binding.HostIp, hostPort: Number(binding.HostPort) })),
    ),
  };
}

function toHealth(status: string | undefined): ContainerHealth {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : 'none';
}

function toEnvironment(entries: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    entries.map(entry => {
      const cut = entry.indexOf('=');
      return cut === -1 ? [entry, ''] : [entry.slice(0, cut), entry.slice(cut + 1)];
    }),
  );
}

/** The event names to ask the server for: without a filter every healthcheck run makes three `exec_…` events. */
export const watchedEvents = [
  'create',
  'start',
  'die',
  'oom',
  'destroy',
  'health_status',
  'pause',
  'unpause',
  'rename',
] as const;

/** Undefined for anything that is not one of the watched events. */
export function toEngineEvent(value: unknown): EngineEvent | undefined {
  const event = value as {
    readonly Action?: string;
    readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
    readonly timeNano?: number;
  } | null;
  const containerId = event?.Actor?.ID;
  const [name, detail] = (event?.Action ?? '').split(': ');
  const known = watchedEvents.find(watched => watched === name);
  if (containerId === undefined || known === undefined) return undefined;
  const attributes = event?.Actor?.Attributes ?? {};
  const exitCode = Number(attributes.exitCode);
  return {
    action: known === 'health_status' ? 'health' : known,
    containerId,
    service: attributes[serviceLabel],
    health: known === 'health_status' ? toHealth(detail) : undefined,
    exitCode: known === 'die' && Number.isInteger(exitCode) ? exitCode : undefined,
    atMs: Math.floor((event?.timeNano ?? 0) / 1e6),
  };
}
