/** Memory and CPU of containers: from the kernel's files, and from the engine where those cannot be read. */

import type { ContainerUsage, Engine } from '../../ports/engine.ts';
import { fields, known, mapOf, number, optional, text } from './answer-shape.ts';
import { type CgroupReader, toUsage } from './cgroup-usage.ts';
import type { EngineHttp } from './engine-http.ts';

const statsTimeoutMs = 15_000;

const statsAnswer = fields({
  read: optional(text),
  memory_stats: optional(
    fields({ usage: optional(number), limit: optional(number), stats: optional(mapOf(number)) }),
  ),
  cpu_stats: optional(fields({ cpu_usage: optional(fields({ total_usage: optional(number) })) })),
});

type UsageSources = {
  readonly http: EngineHttp;
  readonly cgroups: CgroupReader;
  /** Of the engine's machine, in bytes. */
  readonly hostMemory: (signal: AbortSignal | undefined) => Promise<number>;
  readonly nowMs: () => number;
};

export function createUsageReader({
  http,
  cgroups,
  hostMemory,
  nowMs,
}: UsageSources): Pick<Engine, 'usage' | 'memoryPeaks'> {
  const askEngine = async (
    id: string,
    hostBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<ContainerUsage | undefined> => {
    const found = await http.findJson(`/containers/${id}/stats?stream=false&one-shot=true`, {
      signal,
      timeoutMs: statsTimeoutMs,
    });
    const answer = known(found, statsAnswer, 'the statistics');
    const memory = answer?.memory_stats;
    if (memory?.usage === undefined) return undefined;
    const limitBytes = memory.limit ?? 0;
    return toUsage({
      usageBytes: memory.usage,
      droppableBytes: memory.stats?.total_inactive_file ?? memory.stats?.inactive_file ?? 0,
      // For a container without a limit the engine names the machine's memory.
      limitBytes: limitBytes >= hostBytes ? 0 : limitBytes,
      cpuNs: answer?.cpu_stats?.cpu_usage?.total_usage ?? 0,
      sampledAtMs: Date.parse(answer?.read ?? '') || nowMs(),
    });
  };

  return {
    usage: async (containers, signal, askable) => {
      signal?.throwIfAborted();
      const usage = new Map<string, ContainerUsage>();
      const unread: string[] = [];
      for (const { id } of containers) {
        const read = cgroups.read(id);
        if (read !== undefined) usage.set(id, read);
        else if (askable === undefined || askable.has(id)) unread.push(id);
      }
      if (unread.length === 0) return usage;
      const hostBytes = await hostMemory(signal);
      await Promise.all(
        unread.map(async id => {
          const asked = await askEngine(id, hostBytes, signal);
          if (asked !== undefined) usage.set(id, asked);
        }),
      );
      return usage;
    },

    // Where the files cannot be read, version 1 alone could tell by the engine's statistics: not worth their price.
    memoryPeaks: async (containers, signal) => {
      signal?.throwIfAborted();
      return new Map(
        containers.flatMap(({ id }) => {
          const peakMiB = cgroups.readPeakMiB(id);
          return peakMiB === undefined ? [] : [[id, peakMiB] as const];
        }),
      );
    },
  };
}
