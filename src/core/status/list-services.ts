/** From the list of containers to the state of each service. */

import { unseen } from './create-status.ts';
import { joinAnswer } from './health-state.ts';
import type { ContainerSeen } from './status-input.ts';
import {
  isExpected,
  isRunningState,
  type KnownService,
  type ServiceState,
  type ServiceStatus,
  type StatusState,
} from './status-state.ts';

const modeVariable = 'DEPLOYMENT_MODE';

/** The mode in which a container runs when it is not the deployment's. */
function foreignMode(known: KnownService, container: ContainerSeen, mode: string): string | undefined {
  const own = container.environment[modeVariable];
  if (own !== undefined && own !== mode) return own;
  return known.role.kind === 'other-mode' ? known.role.mode : undefined;
}

function runningState(container: ContainerSeen): ServiceState {
  return container.health === 'none' ? { kind: 'unchecked' } : { kind: container.health };
}

/** What a service's container says of it. `undefined`: there is nothing to show. */
function stateOf(
  known: KnownService,
  container: ContainerSeen | undefined,
  mode: string,
): ServiceState | undefined {
  const { role } = known;
  const absent: ServiceState | undefined = isExpected(role)
    ? { kind: 'missing' }
    : role.kind === 'left-out'
      ? { kind: 'left-out', reason: role.reason }
      : undefined;
  if (container === undefined) return absent;
  switch (container.state) {
    case 'running':
    case 'paused':
    case 'restarting': {
      const foreign = foreignMode(known, container, mode);
      if (foreign !== undefined) return { kind: 'wrong-mode', mode: foreign };
      if (container.state === 'running') return runningState(container);
      return container.state === 'paused'
        ? { kind: 'paused' }
        : { kind: 'restarting', exitCode: container.exitCode };
    }
    case 'created':
      return isExpected(role) ? { kind: 'created' } : absent;
    case 'removing':
    case 'exited':
    case 'dead':
      if (known.isOneShot && container.exitCode === 0) return { kind: 'done' };
      return isExpected(role) || role.kind === 'stranger'
        ? { kind: 'exited', exitCode: container.exitCode }
        : absent;
  }
}

function sinceMs(
  state: StatusState,
  previous: ServiceStatus | undefined,
  next: ServiceState,
  container: ContainerSeen,
  atMs: number,
): number | undefined {
  if (isRunningState(next) && container.startedAt !== undefined) return Date.parse(container.startedAt);
  const isSame = previous?.containerId === container.id && previous.state.kind === next.kind;
  if (isSame && previous.sinceMs !== undefined) return previous.sinceMs;
  const ended = state.events.findLast(
    ({ service, what }) => service === previous?.name && what.kind === 'ended',
  );
  // At the first look nobody saw when it ended.
  return ended?.atMs ?? (isSame || state.listedAtMs === undefined ? undefined : atMs);
}

/** The same with what the engine told of its end; a list alone does not say who asked for it. */
function withEnd(
  state: StatusState,
  previous: ServiceStatus | undefined,
  next: ServiceState | undefined,
  container: ContainerSeen | undefined,
): ServiceState | undefined {
  if (next?.kind !== 'exited' || container === undefined || container.wasKilledForMemory) return next;
  const ended = state.events.findLast(
    ({ containerId, what }) => containerId === container.id && what.kind === 'ended',
  )?.what;
  const before = previous?.containerId === container.id ? previous.state : undefined;
  const known = ended?.kind === 'ended' ? ended : before?.kind === 'exited' ? before : undefined;
  return known?.wasAskedFor === true && known.exitCode === next.exitCode
    ? { ...next, wasAskedFor: true }
    : next;
}

function observe(
  state: StatusState,
  known: KnownService,
  container: ContainerSeen | undefined,
  atMs: number,
): ServiceStatus | undefined {
  const previous = state.services.find(({ name }) => name === known.name);
  const engineState = withEnd(state, previous, stateOf(known, container, state.mode), container);
  if (engineState === undefined) return undefined;
  const base = previous ?? unseen(known);
  if (container === undefined) return { ...unseen(known), state: engineState, history: base.history };
  const isSame = previous?.containerId === container.id;
  const upMs = container.startedAt === undefined ? undefined : atMs - Date.parse(container.startedAt);
  const health = isSame && isRunningState(engineState) ? base.health : undefined;
  const next = joinAnswer(engineState, health?.answer, state.mode, upMs);
  const { health: _before, ...rest } = base;
  const isRunning = isRunningState(next);
  return {
    ...rest,
    ...(health === undefined ? {} : { health }),
    engineState,
    containerId: container.id,
    containerName: container.name,
    state: next,
    sinceMs: sinceMs(state, previous, next, container, atMs),
    restartCount: container.restartCount,
    wasKilledForMemory: container.wasKilledForMemory,
    usage: isRunning && isSame ? base.usage : undefined,
    cpuCounter: isRunning && isSame ? base.cpuCounter : undefined,
    oomKillCount: isRunning && isSame ? base.oomKillCount : undefined,
  };
}

const stranger = (name: string): KnownService => ({
  name,
  group: 'core',
  role: { kind: 'stranger' },
  expectedMiB: 0,
  limitMiB: undefined,
  isOneShot: false,
});

/** What is to be told first: a container that carries another mode, then one that runs. */
function weightOf({ state, environment }: ContainerSeen, mode: string): number {
  const hasProcess = state === 'running' || state === 'paused' || state === 'restarting';
  const own = environment[modeVariable];
  if (hasProcess && own !== undefined && own !== mode) return 2;
  return state === 'running' ? 1 : 0;
}

/** When a service has more than one container, the weightiest speaks for it; of equals the last. */
function byService(containers: readonly ContainerSeen[], mode: string): ReadonlyMap<string, ContainerSeen> {
  const map = new Map<string, ContainerSeen>();
  for (const container of containers) {
    const name = container.service ?? container.name;
    const other = map.get(name);
    if (other === undefined || weightOf(other, mode) <= weightOf(container, mode)) map.set(name, container);
  }
  return map;
}

export function listServices(
  state: StatusState,
  atMs: number,
  containers: readonly ContainerSeen[],
): readonly ServiceStatus[] {
  const seen = byService(containers, state.mode);
  const names = new Set(state.known.map(({ name }) => name));
  const strangers = [...seen.keys()].filter(name => !names.has(name)).map(stranger);
  return [...state.known, ...strangers]
    .map(known => observe(state, known, seen.get(known.name), atMs))
    .filter(service => service !== undefined);
}
