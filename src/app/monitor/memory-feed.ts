/** Keeps what the status screen samples of memory for later estimates: added up here, written at most once a minute. */

import {
  addToHistory,
  coveredSeconds,
  lookAtMemory,
  mergeServiceMemory,
  type ServiceMemory,
} from '../../core/memory/memory-history.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import type { Container, ContainerUsage, Engine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import type { MemoryRecords } from '../../ports/memory-records.ts';

export type MemoryFeed = {
  /** What runs now: the images and limits that the samples are of. */
  readonly listed: (containers: readonly Container[]) => void;
  /** By container id. Writes when a minute is over; never throws and is not waited for. */
  readonly sampled: (status: StatusState, samples: ReadonlyMap<string, ContainerUsage>) => void;
  /** Writes what is left. Never throws: a measurement that cannot be kept is no fault of the screen. */
  readonly close: () => Promise<void>;
};

const writeIntervalMs = 60_000;
/** The screen samples every two seconds, or less often where the engine is slow. */
const mostSecondsOfSample = 30;

/** Worth measuring: a service of the deployment that is up. What starts or fails says nothing of its daily need. */
export const isMeasurable = ({ role, state }: ServiceStatus): boolean =>
  role.kind === 'wanted' && (state.kind === 'healthy' || state.kind === 'unchecked');

export function createMemoryFeed(options: {
  readonly mode: Mode;
  readonly engine: Pick<Engine, 'memoryPeaks'>;
  readonly records: Pick<MemoryRecords, 'update'>;
  readonly clock: Clock;
}): MemoryFeed {
  const { mode, engine, records, clock } = options;
  const now = (): number => clock.now().getTime();
  const containers = new Map<string, Container>();
  const lastAtMs = new Map<string, number>();
  /** By service: what was seen since the last write, and in which container last. */
  let pending = new Map<string, { readonly containerId: string; readonly memory: ServiceMemory }>();
  let writtenAtMs = now();
  let writing: Promise<void> | undefined;

  const add = (service: ServiceStatus, container: Container, usage: ContainerUsage, atMs: number): void => {
    const { startedAt, imageId, limitMiB } = container;
    const seconds = coveredSeconds({
      atMs,
      lastAtMs: lastAtMs.get(container.id),
      startedAtMs: startedAt === undefined ? undefined : Date.parse(startedAt),
      mostSeconds: mostSecondsOfSample,
    });
    lastAtMs.set(container.id, atMs);
    const { memoryMiB } = usage;
    const look = lookAtMemory({ imageId, limitMiB, memoryMiB, kernelPeakMiB: undefined, atMs, seconds });
    const memory = mergeServiceMemory(pending.get(service.name)?.memory, look);
    pending.set(service.name, { containerId: container.id, memory });
  };

  const write = async (): Promise<void> => {
    const seen = pending;
    pending = new Map();
    writtenAtMs = now();
    if (seen.size === 0) return;
    const peaks = await engine
      .memoryPeaks([...seen.values()].map(({ containerId }) => ({ id: containerId })))
      .catch(() => new Map<string, number>());
    const memories = new Map(
      [...seen].map(([name, { containerId, memory }]) => [
        name,
        { ...memory, kernelPeakMiB: peaks.get(containerId) },
      ]),
    );
    await records.update(history => addToHistory(history, mode, memories, now()));
  };
  /** One after the other. What could not be written is lost: a full disk is told by everything else. */
  const writeNext = (): Promise<void> => {
    writing = (writing ?? Promise.resolve()).then(write).catch(() => undefined);
    return writing;
  };

  return {
    listed: list => {
      containers.clear();
      for (const container of list) containers.set(container.id, container);
      for (const id of [...lastAtMs.keys()]) if (!containers.has(id)) lastAtMs.delete(id);
    },
    sampled: (status, samples) => {
      const atMs = now();
      for (const service of status.services) {
        const { containerId } = service;
        if (containerId === undefined || !isMeasurable(service)) continue;
        const container = containers.get(containerId);
        const usage = samples.get(containerId);
        if (container !== undefined && usage !== undefined) add(service, container, usage, atMs);
      }
      // A clock that was set back must not hold the writing up.
      if (Math.abs(atMs - writtenAtMs) >= writeIntervalMs) void writeNext();
    },
    close: writeNext,
  };
}
