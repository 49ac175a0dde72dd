/** Which services may start now: what Compose's `depends_on` says of each, asked of where the others are. */

import type { Dependency, Service } from '../stack/stack.ts';
import type { ServicePhase } from './journal-event.ts';

export type Standing = {
  readonly service: Service;
  readonly phase: ServicePhase;
  /** Its own health command has succeeded, although the engine, which asks it at intervals, has not said so yet. */
  readonly answers: boolean;
  /** Undefined unless it has ended and nothing will start it again. */
  readonly exitCode: number | undefined;
  /** How often the engine has started it again since it was made. */
  readonly restarts: number;
};

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'waits' }
  /** It will never be ready: Compose gives up here too. */
  | { readonly kind: 'blocked'; readonly by: string };

/** A service that ended this often is not going to get healthy. */
const restartsBeforeGivingUp = 5;

type Met = 'met' | 'open' | 'failed';

function healthOf({ phase, answers, exitCode, restarts }: Standing): Met {
  if (phase === 'healthy' || answers) return 'met';
  // `running` and `done`: without a healthcheck it can never be healthy.
  if (phase === 'unhealthy' || phase === 'running' || phase === 'done') return 'failed';
  return exitCode !== undefined || restarts >= restartsBeforeGivingUp ? 'failed' : 'open';
}

function conditionOf({ condition }: Dependency, standing: Standing): Met {
  switch (condition) {
    case 'started':
      return standing.phase === 'waiting' || standing.phase === 'creating' ? 'open' : 'met';
    case 'completed':
      if (standing.phase === 'done' || standing.exitCode === 0) return 'met';
      return standing.exitCode === undefined ? 'open' : 'failed';
    case 'healthy':
      return healthOf(standing);
  }
}

/**
 * As Compose decides it: a dependency that this run does not start (left out, of another mode) is not waited for, and
 * one that is not `required` holds nothing up by failing.
 */
export function readinessOf(service: Service, standings: readonly Standing[]): Readiness {
  const open = service.dependencies.flatMap(dependency => {
    const standing = standings.find(({ service: { name } }) => name === dependency.service);
    const met = standing === undefined ? 'met' : conditionOf(dependency, standing);
    return met === 'met' || (met === 'failed' && !dependency.isRequired) ? [] : [{ dependency, met }];
  });
  const failed = open.find(({ met }) => met === 'failed');
  if (failed !== undefined) return { kind: 'blocked', by: failed.dependency.service };
  return open.length === 0 ? { kind: 'ready' } : { kind: 'waits' };
}

/** By name: how long the longest chain of services is that wait for it. What holds up most starts first. */
export function startWeights(
  services: readonly Pick<Service, 'name' | 'dependsOn'>[],
): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const weigh = (name: string): number => {
    const known = weights.get(name);
    if (known !== undefined) return known;
    // Compose refuses a circle; this only keeps one from being followed for ever.
    weights.set(name, 0);
    const waiting = services.filter(({ dependsOn }) => dependsOn.includes(name));
    const weight = Math.max(0, ...waiting.map(other => 1 + weigh(other.name)));
    weights.set(name, weight);
    return weight;
  };
  for (const { name } of services) weigh(name);
  return weights;
}

/** What starts at once: enough to keep a mini-PC busy, while what holds up the others gets its share of it. */
const startsAtOnce = 4;
/** Of these, for services that hold nobody up, as long as another one waits: its turn must not have to wait as well. */
const idleStartsAtOnce = 2;

/** By name, in the order in which they are to be started now. */
export function chooseStarts({
  ready,
  starting,
  isAnyWaiting,
  weights,
}: {
  readonly ready: readonly string[];
  /** Those whose start is under way. */
  readonly starting: readonly string[];
  /** Some other service is not ready yet. */
  readonly isAnyWaiting: boolean;
  readonly weights: ReadonlyMap<string, number>;
}): readonly string[] {
  const weightOf = (name: string): number => weights.get(name) ?? 0;
  const chosen: string[] = [];
  let idle = starting.filter(name => weightOf(name) === 0).length;
  for (const name of ready.toSorted((a, b) => weightOf(b) - weightOf(a))) {
    if (starting.length + chosen.length >= startsAtOnce) break;
    if (weightOf(name) === 0) {
      if (isAnyWaiting && idle >= idleStartsAtOnce) break;
      idle += 1;
    }
    chosen.push(name);
  }
  return chosen;
}
