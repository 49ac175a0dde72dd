/** One look at the memory of all running services, added to what was measured before: for a timer. */

import {
  addToHistory,
  coveredSeconds,
  lookAtMemory,
  type ServiceMemory,
} from '../../core/memory/memory-history.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { createStatus } from '../../core/status/create-status.ts';
import { reduceStatus } from '../../core/status/reduce-status.ts';
import type { Ports } from '../../ports/ports.ts';
import { describeDeployment } from '../monitor/describe-deployment.ts';
import { isMeasurable } from '../monitor/memory-feed.ts';

/** A timer that looks less often than this leaves the time between uncovered. */
const mostSecondsOfLook = 900;

export type SampledService = { readonly name: string; readonly memoryMiB: number };

export type MemorySample = {
  readonly mode: Mode;
  readonly path: string;
  readonly services: readonly SampledService[];
  /** Services that should run and are not up: they are not measured. */
  readonly notUp: readonly string[];
  /** Where the damaged file is that was in the way. */
  readonly keptAside: string | undefined;
};

/**
 * Throws a UserError (exit code 4) when nothing is set up, an ExternalError when the engine does not answer. Nothing is
 * written when nothing is up.
 */
export async function sampleMemory(ports: Ports, signal: AbortSignal): Promise<MemorySample> {
  const { engine, clock, memory: records } = ports;
  const { status: options } = await describeDeployment(ports, { memoryBudgetMiB: undefined });
  const { mode, project } = options;
  const containers = await engine.containers(project, signal);
  const atMs = clock.now().getTime();
  const status = reduceStatus(createStatus({ ...options, nowMs: atMs }), {
    kind: 'listed',
    atMs,
    containers,
  });
  const up = status.services.filter(isMeasurable).flatMap(({ name, containerId }) => {
    const container = containers.find(({ id }) => id === containerId);
    return container === undefined ? [] : [{ name, container }];
  });
  const asked = up.map(({ container }) => container);
  const [usage, peaks] = await Promise.all([
    engine.usage(asked, signal),
    engine.memoryPeaks(asked, signal).catch(() => new Map<string, number>()),
  ]);
  const seen = up.flatMap(({ name, container }) => {
    const memoryMiB = usage.get(container.id)?.memoryMiB;
    return memoryMiB === undefined ? [] : [{ name, container, memoryMiB }];
  });
  const { keptAside } =
    seen.length === 0
      ? { keptAside: undefined }
      : await records.update(history => {
          const looks = seen.map(({ name, container, memoryMiB }): readonly [string, ServiceMemory] => {
            const { id, imageId, limitMiB, startedAt } = container;
            const seconds = coveredSeconds({
              atMs,
              lastAtMs: history[mode].get(name)?.lastAtMs,
              startedAtMs: startedAt === undefined ? undefined : Date.parse(startedAt),
              mostSeconds: mostSecondsOfLook,
            });
            const kernelPeakMiB = peaks.get(id);
            return [name, lookAtMemory({ imageId, limitMiB, memoryMiB, kernelPeakMiB, atMs, seconds })];
          });
          return addToHistory(history, mode, new Map(looks), atMs);
        });
  return {
    mode,
    path: records.path,
    services: seen.map(({ name, memoryMiB }) => ({ name, memoryMiB })),
    notUp: status.services
      .filter(service => service.role.kind === 'wanted' && !isMeasurable(service))
      .filter(({ state }) => state.kind !== 'done')
      .map(({ name }) => name),
    keptAside,
  };
}
