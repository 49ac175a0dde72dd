/** One container of the rehearsal: its life is a function of time, told by transitions that fall due. */

import type { Container, ContainerState } from '../../ports/engine.ts';

export type RehearsalContainerSpec = {
  readonly name: string;
  readonly project: string;
  readonly service: string;
  readonly image: string;
  readonly hasHealthcheck: boolean;
  /** Ends with exit 0 by itself. */
  readonly isOneShot: boolean;
  readonly expectedMiB: number;
  readonly limitMiB: number | undefined;
  /** From start to healthy, in milliseconds of the clock. */
  readonly bootMs: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly publishedPorts: Container['publishedPorts'];
};

export type Life =
  | { readonly kind: 'created' }
  | { readonly kind: 'running'; readonly startedMs: number; readonly health: Container['health'] }
  | {
      readonly kind: 'restarting';
      readonly startedMs: number;
      readonly startsAgainMs: number;
      readonly exitCode: number;
    }
  | { readonly kind: 'exited'; readonly startedMs: number; readonly exitCode: number };

export type RehearsalContainer = {
  readonly id: string;
  readonly spec: RehearsalContainerSpec;
  readonly life: Life;
  readonly restartCount: number;
  readonly wasKilledForMemory: boolean;
};

/** What happens to a container by itself, and when. */
export type Transition = {
  readonly atMs: number;
  readonly kind: 'becomes-healthy' | 'ends' | 'starts-again';
};

export function nextTransition(container: RehearsalContainer): Transition | undefined {
  const { life, spec } = container;
  if (life.kind === 'restarting') return { atMs: life.startsAgainMs, kind: 'starts-again' };
  if (life.kind !== 'running') return undefined;
  if (spec.isOneShot) return { atMs: life.startedMs + spec.bootMs, kind: 'ends' };
  return life.health === 'starting'
    ? { atMs: life.startedMs + spec.bootMs, kind: 'becomes-healthy' }
    : undefined;
}

const stateOf: Readonly<Record<Life['kind'], ContainerState>> = {
  created: 'created',
  running: 'running',
  restarting: 'restarting',
  exited: 'exited',
};

export function describeContainer(container: RehearsalContainer, imageId: string): Container {
  const { id, spec, life, restartCount, wasKilledForMemory } = container;
  return {
    id,
    name: spec.name,
    project: spec.project,
    service: spec.service,
    image: spec.image,
    imageId,
    state: stateOf[life.kind],
    health: life.kind === 'running' ? life.health : 'none',
    exitCode: life.kind === 'exited' || life.kind === 'restarting' ? life.exitCode : undefined,
    startedAt: life.kind === 'created' ? undefined : new Date(life.startedMs).toISOString(),
    restartCount,
    wasKilledForMemory,
    environment: spec.environment,
    labels: spec.labels,
    publishedPorts: spec.publishedPorts,
  };
}
