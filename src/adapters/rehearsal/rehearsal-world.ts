/** The containers of the rehearsal and what happens to them, in the order of an injected clock. */

import { createHash } from 'node:crypto';
import { ExternalError } from '../../core/error.ts';
import type { EngineEvent } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import {
  type Life,
  nextTransition,
  type RehearsalContainer,
  type RehearsalContainerSpec,
  type Transition,
} from './rehearsal-container.ts';

/** What only the rehearsal can do: what Compose does on a real engine, and accidents for tests. */
export type RehearsalControl = {
  readonly create: (spec: RehearsalContainerSpec) => string;
  readonly start: (containerId: string) => void;
  readonly stop: (containerId: string) => void;
  readonly remove: (containerId: string) => void;
  /** The process in the container ends; the restart policy brings it back after a second. */
  readonly crash: (containerId: string, exitCode: number, options?: { readonly forMemory?: boolean }) => void;
  readonly setUnhealthy: (containerId: string) => void;
};

export type RehearsalWorld = RehearsalControl & {
  /** Every container, brought up to the present. */
  readonly containers: () => readonly RehearsalContainer[];
  readonly find: (containerId: string) => RehearsalContainer | undefined;
  /** The event at this place of the journal, once it has happened. */
  readonly eventAt: (index: number) => (EngineEvent & { readonly project: string }) | undefined;
  readonly eventCount: () => number;
  /** When the next thing happens by itself. */
  readonly nextAtMs: () => number | undefined;
  /** Until `atMs` (undefined: for ever), until something changes, or until the signal. Never throws. */
  readonly waitUntil: (atMs: number | undefined, signal: AbortSignal) => Promise<void>;
  /** Lets everyone who waits look again. */
  readonly wake: () => void;
};

const restartDelayMs = 1_000;
/** SIGTERM. */
const stopSignal = 15;
const stoppedExitCode = 128 + stopSignal;

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export function createRehearsalWorld(clock: Clock): RehearsalWorld {
  const containers = new Map<string, RehearsalContainer>();
  const journal: (EngineEvent & { readonly project: string })[] = [];
  const waiters = new Set<() => void>();
  let created = 0;

  const now = (): number => clock.now().getTime();
  const wake = (): void => {
    for (const waiter of [...waiters]) waiter();
  };

  const record = (container: RehearsalContainer, action: EngineEvent['action'], atMs: number): void => {
    const { life, spec } = container;
    journal.push({
      action,
      containerId: container.id,
      service: spec.service,
      project: spec.project,
      health: action === 'health' && life.kind === 'running' ? life.health : undefined,
      exitCode: action === 'die' && 'exitCode' in life ? life.exitCode : undefined,
      ...(action === 'kill' ? { signal: stopSignal } : {}),
      atMs,
    });
  };

  const change = (
    container: RehearsalContainer,
    action: EngineEvent['action'],
    atMs: number,
    next: Partial<RehearsalContainer>,
  ): void => {
    const changed = { ...container, ...next };
    containers.set(container.id, changed);
    record(changed, action, atMs);
  };

  const running = (spec: RehearsalContainerSpec, startedMs: number): Life => ({
    kind: 'running',
    startedMs,
    health: spec.hasHealthcheck ? 'starting' : 'none',
  });

  const apply = (container: RehearsalContainer, { kind, atMs }: Transition): void => {
    const { life, spec, restartCount } = container;
    if (kind === 'starts-again') {
      change(container, 'start', atMs, { life: running(spec, atMs), restartCount: restartCount + 1 });
    } else if (life.kind === 'running' && kind === 'becomes-healthy') {
      change(container, 'health', atMs, { life: { ...life, health: 'healthy' } });
    } else if (life.kind === 'running') {
      change(container, 'die', atMs, { life: { kind: 'exited', startedMs: life.startedMs, exitCode: 0 } });
    }
  };

  const earliest = () => {
    let first: { container: RehearsalContainer; transition: Transition } | undefined;
    for (const container of containers.values()) {
      const transition = nextTransition(container);
      if (
        transition !== undefined &&
        transition.atMs < (first?.transition.atMs ?? Number.POSITIVE_INFINITY)
      ) {
        first = { container, transition };
      }
    }
    return first;
  };

  const settle = (): void => {
    for (let due = earliest(); due !== undefined && due.transition.atMs <= now(); due = earliest()) {
      apply(due.container, due.transition);
    }
  };

  const need = (containerId: string): RehearsalContainer => {
    settle();
    const container = containers.get(containerId);
    if (container === undefined) throw new ExternalError(`No such container: ${containerId.slice(0, 12)}`);
    return container;
  };

  const start = (containerId: string): void => {
    const container = need(containerId);
    if (container.life.kind === 'running') return;
    change(container, 'start', now(), { life: running(container.spec, now()), wasKilledForMemory: false });
    wake();
  };

  const stop = (containerId: string): void => {
    const container = need(containerId);
    const { life } = container;
    if (life.kind === 'created' || life.kind === 'exited') return;
    record(container, 'kill', now());
    change(container, 'die', now(), {
      life: { kind: 'exited', startedMs: life.startedMs, exitCode: stoppedExitCode },
    });
    wake();
  };

  return {
    wake,
    start,
    stop,
    containers: () => {
      settle();
      return [...containers.values()];
    },
    find: containerId => {
      settle();
      return containers.get(containerId);
    },
    eventAt: index => {
      settle();
      return journal[index];
    },
    eventCount: () => {
      settle();
      return journal.length;
    },
    nextAtMs: () => earliest()?.transition.atMs,
    waitUntil: async (atMs, signal) => {
      if (signal.aborted) return;
      const over = new AbortController();
      const either = AbortSignal.any([signal, over.signal]);
      const woken = new Promise<void>(resolve => {
        waiters.add(resolve);
        either.addEventListener(
          'abort',
          () => {
            waiters.delete(resolve);
            resolve();
          },
          { once: true },
        );
      });
      const slept =
        atMs === undefined ? [] : [clock.sleep(Math.max(0, atMs - now()), either).catch(() => undefined)];
      await Promise.race([woken, ...slept]);
      over.abort();
    },
    create: spec => {
      created += 1;
      const container: RehearsalContainer = {
        id: digest(`${spec.name} ${created}`),
        spec,
        life: { kind: 'created' },
        restartCount: 0,
        wasKilledForMemory: false,
      };
      containers.set(container.id, container);
      record(container, 'create', now());
      wake();
      return container.id;
    },
    remove: containerId => {
      stop(containerId);
      record(need(containerId), 'destroy', now());
      containers.delete(containerId);
      wake();
    },
    crash: (containerId, exitCode, { forMemory = false } = {}) => {
      const container = need(containerId);
      const { life, spec } = container;
      if (life.kind !== 'running') return;
      if (forMemory) record(container, 'oom', now());
      const startedMs = life.startedMs;
      change(container, 'die', now(), {
        life: spec.isOneShot
          ? { kind: 'exited', startedMs, exitCode }
          : { kind: 'restarting', startedMs, exitCode, startsAgainMs: now() + restartDelayMs },
        wasKilledForMemory: forMemory,
      });
      wake();
    },
    setUnhealthy: containerId => {
      const container = need(containerId);
      if (container.life.kind !== 'running') return;
      change(container, 'health', now(), { life: { ...container.life, health: 'unhealthy' } });
      wake();
    },
  };
}
