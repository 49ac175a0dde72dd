/** From the engine's JSON to this program's records. Field names as in the Engine API, 1.41 and later. */

import type {
  Container,
  ContainerGlance,
  ContainerHealth,
  ContainerState,
  EngineEvent,
} from '../../ports/engine.ts';
import { fields, flag, identifier, list, mapOf, number, optional, text } from './answer-shape.ts';
import { healthFields, readHealthCommand } from './health-command.ts';

export const projectLabel = 'com.docker.compose.project';
export const serviceLabel = 'com.docker.compose.service';

/** For the query of a list: only what has the project's label. */
export const projectFilter = (project: string): string =>
  `filters=${encodeURIComponent(JSON.stringify({ label: [`${projectLabel}=${project}`] }))}`;

const bytesPerMiB = 1_048_576;
/** The last moment that JavaScript's dates know. */
const lastMs = 8.64e15;

const port = fields({ HostIp: optional(text), HostPort: text });

/** The fields read of `GET /containers/{id}/json`. */
const inspectAnswer = fields({
  Id: identifier,
  Name: text,
  Image: text,
  RestartCount: optional(number),
  State: fields({
    Status: text,
    ExitCode: optional(number),
    OOMKilled: optional(flag),
    StartedAt: optional(text),
    FinishedAt: optional(text),
    Health: optional(fields({ Status: optional(text) })),
  }),
  Config: fields({
    Image: text,
    Env: optional(list(text)),
    Labels: optional(mapOf(text)),
    Tty: optional(flag),
    ...healthFields,
  }),
  /** Memory in bytes; 0: no limit. */
  HostConfig: optional(fields({ Memory: optional(number) })),
  Mounts: optional(list(fields({ Type: optional(text), Name: optional(text) }))),
  NetworkSettings: optional(fields({ Ports: optional(mapOf(list(port))) })),
});

export type InspectAnswer = ReturnType<typeof inspectAnswer>;

/** Throws an ExternalError for an answer without what a container cannot be told by. */
export const readInspectAnswer = (value: unknown): InspectAnswer => inspectAnswer(value, 'the container');

const states: readonly ContainerState[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];

const toState = (status: string): ContainerState => states.find(known => known === status) ?? 'dead';

/** The fields read of `GET /containers/json`. */
export const listAnswer = list(
  fields({
    Id: identifier,
    Names: optional(list(text)),
    Labels: optional(mapOf(text)),
    State: optional(text),
    Status: optional(text),
  }),
);

type ListedContainer = ReturnType<typeof listAnswer>[number];

/** Health and exit code stand in a text only: `Up 3 minutes (healthy)`, `Exited (137) 2 hours ago`. */
export function toGlance({
  Id,
  Names,
  Labels = {},
  State = '',
  Status = '',
}: ListedContainer): ContainerGlance {
  const exitCode = /^(?:Exited|Restarting) \((\d+)\)/.exec(Status)?.[1];
  return {
    id: Id,
    name: (Names?.[0] ?? Id).replace(/^\//, ''),
    service: Labels[serviceLabel],
    state: toState(State),
    health: toHealth(/\((?:health: )?(starting|healthy|unhealthy)\)$/.exec(Status)?.[1]),
    exitCode: exitCode === undefined ? undefined : Number(exitCode),
  };
}

export function toContainer(answer: InspectAnswer): Container {
  const labels = answer.Config.Labels ?? {};
  const state = toState(answer.State.Status);
  const startedAt = toMoment(answer.State.StartedAt);
  const endedAt = toMoment(answer.State.FinishedAt);
  const hasStarted = startedAt !== undefined;
  const runsNow = state === 'running' || state === 'paused';
  const volumes = (answer.Mounts ?? []).flatMap(({ Type, Name }) =>
    Type === 'volume' && Name !== undefined ? [Name] : [],
  );
  const healthCommand = readHealthCommand(answer.Config);
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
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    restartCount: answer.RestartCount ?? 0,
    wasKilledForMemory: answer.State.OOMKilled ?? false,
    ...(limitBytes > 0 ? { limitMiB: limitBytes / bytesPerMiB } : {}),
    environment: toEnvironment(answer.Config.Env ?? []),
    labels,
    ...(healthCommand === undefined ? {} : { healthCommand }),
    ...(volumes.length === 0 ? {} : { volumes }),
    publishedPorts: Object.values(answer.NetworkSettings?.Ports ?? {}).flatMap(bindings =>
      bindings.flatMap(({ HostIp = '', HostPort }) =>
        /^\d{1,5}$/.test(HostPort) ? [{ hostAddress: HostIp, hostPort: Number(HostPort) }] : [],
      ),
    ),
  };
}

/** The engine writes the year 1 for what never was. */
const toMoment = (at: string | undefined): string | undefined =>
  at !== undefined && !at.startsWith('0001-') && Number.isFinite(Date.parse(at)) ? at : undefined;

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
  'kill',
  'die',
  'oom',
  'destroy',
  'health_status',
  'pause',
  'unpause',
  'rename',
] as const;

const eventAnswer = optional(
  fields({
    Action: text,
    Actor: fields({ ID: identifier, Attributes: optional(mapOf(text)) }),
    timeNano: optional(number),
  }),
);

/** Undefined for anything that is not one of the watched events. */
export function toEngineEvent(value: unknown): EngineEvent | undefined {
  const event = eventAnswer(value, 'the event');
  if (event === undefined) return undefined;
  const { Action, Actor, timeNano } = event;
  const containerId = Actor.ID;
  const [name, detail] = Action.split(': ');
  const known = watchedEvents.find(watched => watched === name);
  if (known === undefined) return undefined;
  const attributes = Actor.Attributes ?? {};
  const exitCode = Number(attributes.exitCode);
  const signal = Number(attributes.signal);
  const atMs = Math.floor((timeNano ?? 0) / 1e6);
  return {
    action: known === 'health_status' ? 'health' : known,
    containerId,
    service: attributes[serviceLabel],
    health: known === 'health_status' ? toHealth(detail) : undefined,
    exitCode: known === 'die' && Number.isInteger(exitCode) ? exitCode : undefined,
    ...(known === 'kill' && Number.isInteger(signal) ? { signal } : {}),
    atMs: atMs >= 0 && atMs <= lastMs ? atMs : 0,
  };
}
