/** The services and their memory as fast as they can be had: one list, one sample. */

import { createStatus, type StatusOptions } from '../../core/status/create-status.ts';
import { reduceStatus } from '../../core/status/reduce-status.ts';
import { runningContainers, type StatusState } from '../../core/status/status-state.ts';
import type { ContainerGlance, Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';

/** As a container that was looked at, without what the list does not tell. */
const toSeen = (container: ContainerGlance) => ({
  ...container,
  startedAt: undefined,
  restartCount: 0,
  wasKilledForMemory: false,
  environment: {},
});

/**
 * For a first drawing only: who watches asks for all, and for figures that only the engine has. Throws what the engine's
 * adapter throws.
 */
export async function glance(options: {
  readonly engine: Pick<Engine, 'glance' | 'usage'>;
  readonly clock: Clock;
  readonly status: Omit<StatusOptions, 'nowMs'>;
  readonly signal: AbortSignal;
}): Promise<StatusState> {
  const { engine, clock, signal } = options;
  const now = (): number => clock.now().getTime();
  const containers = (await engine.glance(options.status.project, signal)).map(toSeen);
  const atMs = now();
  const listed = reduceStatus(createStatus({ ...options.status, nowMs: atMs }), {
    kind: 'listed',
    atMs,
    containers,
  });
  const running = runningContainers(listed);
  if (running.length === 0) return listed;
  const samples = await engine.usage(running, signal, new Set());
  return reduceStatus(listed, { kind: 'usage', atMs: now(), samples });
}
