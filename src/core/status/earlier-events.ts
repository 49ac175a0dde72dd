/** What containers tell of the time before anybody watched: how each ended last, and that it was started after that. */

import type { ContainerSeen } from './status-input.ts';
import type { ServiceStatus, StatusEvent } from './status-state.ts';

/** The engine writes the same moment into its event and into the container, milliseconds apart. */
const sameMomentMs = 2_000;

/** In the order of time. A container that runs does not tell its last exit code any more. */
export function earlierEvents(
  containers: readonly ContainerSeen[],
  services: readonly ServiceStatus[],
): readonly StatusEvent[] {
  const names = new Map(services.map(({ containerId, name }) => [containerId, name]));
  const events = containers.flatMap((container): readonly StatusEvent[] => {
    const { id, endedAt, startedAt, exitCode, wasKilledForMemory } = container;
    const service = names.get(id);
    if (service === undefined || endedAt === undefined) return [];
    const of = { service, containerId: id, isFromContainer: true } as const;
    const endedMs = Date.parse(endedAt);
    const startedMs = startedAt === undefined ? Number.NaN : Date.parse(startedAt);
    const killed = wasKilledForMemory ? ({ wasKilledForMemory: true } as const) : {};
    const ended: StatusEvent = { ...of, atMs: endedMs, what: { kind: 'ended', exitCode, ...killed } };
    return startedMs > endedMs ? [ended, { ...of, atMs: startedMs, what: { kind: 'started' } }] : [ended];
  });
  return events.toSorted((a, b) => a.atMs - b.atMs);
}

/** Without what a container told of the moment that the engine itself tells of now. */
export const withoutTold = (events: readonly StatusEvent[], told: StatusEvent): readonly StatusEvent[] =>
  events.filter(
    ({ isFromContainer, containerId, what, atMs }) =>
      isFromContainer !== true ||
      containerId !== told.containerId ||
      what.kind !== told.what.kind ||
      Math.abs(atMs - told.atMs) > sameMomentMs,
  );
