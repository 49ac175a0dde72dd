/**
 * CPU and memory of containers from the kernel's control-group files: nearly free, where the engine's own statistics
 * cost it several per cent of a core (moby #39664). Version 1 and 2, systemd and cgroupfs drivers.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerUsage } from '../../ports/engine.ts';

/** A container without a limit reads as a little under 2^63 in version 1. */
const noLimitFromBytes = 2 ** 60;
const bytesPerMiB = 1024 * 1024;

type CgroupFiles = {
  readonly memoryUsage: string;
  readonly memoryPeak: string;
  readonly memoryStat: string;
  readonly memoryLimit: string;
  readonly memoryKills: string;
  readonly cpu: string;
  readonly version: 1 | 2;
};

export type CgroupReader = {
  /** Undefined when there is no control group of this id to be read here. */
  readonly read: (containerId: string) => ContainerUsage | undefined;
  /**
   * The most that was used since the container started, in MiB, page cache included: neither version counts it without.
   * Undefined too where the kernel has no such file (version 2 before Linux 5.19).
   */
  readonly readPeakMiB: (containerId: string) => number | undefined;
};

/**
 * `root` is where control groups are mounted (`/sys/fs/cgroup`); `userId` finds those of a rootless engine.
 * Paths are kept by container id. Files are read synchronously: they are in memory, and four of them take 0.1 ms,
 * which is less than handing them to another thread.
 */
export function createCgroupReader(options: {
  readonly root: string;
  readonly userId: number;
  /** Milliseconds that never go back. */
  readonly nowMs: () => number;
}): CgroupReader {
  const filesById = new Map<string, CgroupFiles>();
  return {
    read: containerId => {
      const files = filesById.get(containerId) ?? findFiles(options.root, options.userId, containerId);
      if (files === undefined) return undefined;
      try {
        const usage = readUsage(files, options.nowMs());
        filesById.set(containerId, files);
        return usage;
      } catch {
        // The container ended between two reads, or the files may not be read.
        filesById.delete(containerId);
        return undefined;
      }
    },
    readPeakMiB: containerId => {
      const files = filesById.get(containerId) ?? findFiles(options.root, options.userId, containerId);
      if (files === undefined) return undefined;
      try {
        const peakMiB = Number(readFileSync(files.memoryPeak, 'utf8')) / bytesPerMiB;
        return peakMiB > 0 && Number.isFinite(peakMiB) ? peakMiB : undefined;
      } catch {
        // The container ended, or the kernel keeps no peak.
        return undefined;
      }
    },
  };
}

function findFiles(root: string, userId: number, id: string): CgroupFiles | undefined {
  const places = [
    `system.slice/docker-${id}.scope`,
    `docker/${id}`,
    `user.slice/user-${userId}.slice/user@${userId}.service/user.slice/docker-${id}.scope`,
  ];
  for (const place of places) {
    const unified = join(root, place);
    if (existsSync(join(unified, 'memory.current'))) {
      return {
        version: 2,
        memoryUsage: join(unified, 'memory.current'),
        memoryPeak: join(unified, 'memory.peak'),
        memoryStat: join(unified, 'memory.stat'),
        memoryLimit: join(unified, 'memory.max'),
        memoryKills: join(unified, 'memory.events'),
        cpu: join(unified, 'cpu.stat'),
      };
    }
    const memory = join(root, 'memory', place);
    if (!existsSync(join(memory, 'memory.usage_in_bytes'))) continue;
    const cpu = ['cpuacct', 'cpu,cpuacct', 'cpu']
      .map(controller => join(root, controller, place, 'cpuacct.usage'))
      .find(existsSync);
    if (cpu === undefined) continue;
    return {
      version: 1,
      memoryUsage: join(memory, 'memory.usage_in_bytes'),
      memoryPeak: join(memory, 'memory.max_usage_in_bytes'),
      memoryStat: join(memory, 'memory.stat'),
      memoryLimit: join(memory, 'memory.limit_in_bytes'),
      memoryKills: join(memory, 'memory.oom_control'),
      cpu,
    };
  }
  return undefined;
}

function readUsage(files: CgroupFiles, sampledAtMs: number): ContainerUsage | undefined {
  const stat = readFileSync(files.memoryStat, 'utf8');
  const cpu = readFileSync(files.cpu, 'utf8');
  const usage = toUsage({
    usageBytes: Number(readFileSync(files.memoryUsage, 'utf8')),
    droppableBytes: readField(stat, files.version === 2 ? 'inactive_file' : 'total_inactive_file') ?? 0,
    // Version 2 says `max`, which is no number.
    limitBytes: Number(readFileSync(files.memoryLimit, 'utf8')),
    cpuNs: files.version === 2 ? (readField(cpu, 'usage_usec') ?? 0) * 1000 : Number(cpu),
    sampledAtMs,
    oomKillCount: readKills(files.memoryKills),
  });
  return Number.isFinite(usage.memoryMiB) && Number.isFinite(usage.cpuNs) ? usage : undefined;
}

/** Memory as `docker stats` shows it: without the page cache that can be dropped at once (moby #51786). */
export function toUsage(sample: {
  readonly usageBytes: number;
  readonly droppableBytes: number;
  readonly limitBytes: number;
  readonly cpuNs: number;
  readonly sampledAtMs: number;
  readonly oomKillCount?: number | undefined;
}): ContainerUsage {
  const { usageBytes, droppableBytes, limitBytes } = sample;
  const usedBytes = droppableBytes < usageBytes ? usageBytes - droppableBytes : usageBytes;
  const isLimited = Number.isFinite(limitBytes) && limitBytes > 0 && limitBytes < noLimitFromBytes;
  return {
    memoryMiB: usedBytes / bytesPerMiB,
    limitMiB: isLimited ? limitBytes / bytesPerMiB : undefined,
    cpuNs: sample.cpuNs,
    sampledAtMs: sample.sampledAtMs,
    ...(sample.oomKillCount === undefined ? {} : { oomKillCount: sample.oomKillCount }),
  };
}

/** Both versions have the same line; version 1 since Linux 4.13. */
function readKills(file: string): number | undefined {
  try {
    return readField(readFileSync(file, 'utf8'), 'oom_kill');
  } catch {
    return undefined;
  }
}

/** The number after `name` at the start of a line; undefined when there is none. */
function readField(text: string, name: string): number | undefined {
  const start = text.startsWith(`${name} `) ? 0 : text.indexOf(`\n${name} `) + 1;
  if (start === 0 && !text.startsWith(`${name} `)) return undefined;
  return Number.parseInt(text.slice(start + name.length + 1), 10);
}
