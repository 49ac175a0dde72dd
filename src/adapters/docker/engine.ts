/** The Docker Engine over its HTTP API. Answers come from the engine and the kernel; nothing here decides. */

import { ExternalError } from '../../core/error.ts';
import type { ContainerUsage, Engine } from '../../ports/engine.ts';
import { fields, identifier, known, list, mapOf, number, optional, text } from './answer-shape.ts';
import { askHealth, readHealth } from './ask-health.ts';
import { createCgroupReader, toUsage } from './cgroup-usage.ts';
import { readContainerFile } from './container-file.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';
import { createEngineHttp, type EngineHttp } from './engine-http.ts';
import {
  type InspectAnswer,
  projectLabel,
  readInspectAnswer,
  toContainer,
  toEngineEvent,
  watchedEvents,
} from './engine-records.ts';
import { readJsonLines, readLogLines } from './engine-streams.ts';
import { startContainer } from './start-container.ts';

/** The engine waits up to the container's own grace period before it kills. */
const actionTimeoutMs = 180_000;
const importTimeoutMs = 600_000;
const statsTimeoutMs = 15_000;
const bytesPerMiB = 1024 * 1024;
const usualDataFolder = '/var/lib/docker';

const infoAnswer = fields({
  ServerVersion: optional(text),
  OperatingSystem: optional(text),
  MemTotal: number,
  CgroupVersion: optional(text),
  CgroupDriver: optional(text),
  DockerRootDir: optional(text),
});
const statsAnswer = fields({
  read: optional(text),
  memory_stats: optional(
    fields({ usage: optional(number), limit: optional(number), stats: optional(mapOf(number)) }),
  ),
  cpu_stats: optional(fields({ cpu_usage: optional(fields({ total_usage: optional(number) })) })),
});
const volumesAnswer = fields({
  Volumes: optional(list(fields({ Name: text, UsageData: optional(fields({ Size: optional(number) })) }))),
});

type EngineOptions = {
  /** The process environment: DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CONFIG, HOME, XDG_RUNTIME_DIR, PATH. */
  readonly environment: ProcessEnvironment;
  /** Where control groups are mounted; `/sys/fs/cgroup` unless given. */
  readonly cgroupRoot?: string;
};

/**
 * Connects at the first call. Every call rejects with an ExternalError that says what mends it, or with the signal's
 * reason when it was aborted; `events` and `logs` end quietly when they are aborted.
 */
export function createEngine({ environment, cgroupRoot = '/sys/fs/cgroup' }: EngineOptions): Engine {
  const http = createEngineHttp(environment);
  const nowMs = (): number => performance.timeOrigin + performance.now();
  const cgroups = createCgroupReader({ root: cgroupRoot, userId: process.getuid?.() ?? 0, nowMs });
  let memoryBytesOfHost: number | undefined;

  const readInfo = async (signal: AbortSignal | undefined): Promise<ReturnType<typeof infoAnswer>> => {
    const info = infoAnswer(await http.getJson('/info', { signal }), 'the answer');
    memoryBytesOfHost = info.MemTotal;
    return info;
  };

  const readStats = async (
    id: string,
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
      limitBytes: limitBytes >= (memoryBytesOfHost ?? Number.POSITIVE_INFINITY) ? 0 : limitBytes,
      cpuNs: answer?.cpu_stats?.cpu_usage?.total_usage ?? 0,
      sampledAtMs: Date.parse(answer?.read ?? '') || nowMs(),
    });
  };

  return {
    facts: async signal => {
      const [info, apiVersion] = await Promise.all([readInfo(signal), http.apiVersion(signal)]);
      return {
        version: info.ServerVersion ?? 'unknown',
        apiVersion,
        operatingSystem: info.OperatingSystem ?? 'unknown',
        memoryMiB: info.MemTotal / bytesPerMiB,
        cgroupVersion: info.CgroupVersion === '2' ? '2' : '1',
        cgroupDriver: info.CgroupDriver ?? 'unknown',
        dataFolder: info.DockerRootDir ?? usualDataFolder,
      };
    },

    containers: async (project, signal) => {
      const filters = project === undefined ? '' : `&${labelFilter(project)}`;
      const answer = await http.getJson(`/containers/json?all=1${filters}`, { signal });
      const listed = list(fields({ Id: identifier }))(answer, 'the containers');
      const inspected = await Promise.all(listed.map(({ Id }) => inspect(http, Id, signal)));
      return inspected
        .filter(one => one !== undefined)
        .map(toContainer)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },

    container: async (id, signal) => {
      const answer = await inspect(http, id, signal);
      return answer === undefined ? undefined : toContainer(answer);
    },

    events: (project, signal, sinceMs) => {
      // From the call on, not from the first read: nothing is missed by whoever lists the containers in between.
      const since = (sinceMs ?? nowMs()) / 1000;
      return watch(http, project, since, signal);
    },

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
      if (memoryBytesOfHost === undefined) await readInfo(signal);
      await Promise.all(
        unread.map(async id => {
          const read = await readStats(id, signal);
          if (read !== undefined) usage.set(id, read);
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

    logs: (containerId, options) => readLogs(http, containerId, options),

    readFile: (containerId, path, signal) => readContainerFile(http, containerId, path, signal),

    images: async (references, signal) => {
      const found = await Promise.all(
        [...new Set(references)].map(async reference => {
          const found = await http.findJson(`${imagePath(reference)}/json`, { signal });
          const image = known(found, fields({ Id: text }), 'the image');
          return image === undefined ? [] : [[reference, image.Id] as const];
        }),
      );
      return new Map(found.flat());
    },

    isInRegistry: async (reference, signal) =>
      http.getJson(`/distribution/${encodeReference(reference)}/json`, { signal }).then(
        () => true,
        () => false,
      ),

    volumes: async (project, signal) => {
      const answer = await http.getJson(`/volumes?${labelFilter(project)}`, { signal });
      const { Volumes } = volumesAnswer(answer, 'the volumes');
      return (Volumes ?? []).map(volume => volume.Name).sort();
    },

    volumeSizes: async signal => {
      const { Volumes } = volumesAnswer(
        await http.getJson('/system/df?type=volume', { signal }),
        'the volumes',
      );
      const sizes = (Volumes ?? []).flatMap(({ Name, UsageData }) =>
        // -1: not measured.
        UsageData?.Size === undefined || UsageData.Size < 0
          ? []
          : [[Name, UsageData.Size / bytesPerMiB] as const],
      );
      return new Map(sizes);
    },

    restart: (containerId, signal) => act(http, containerId, 'restart', signal),
    stop: (containerId, signal) => act(http, containerId, 'stop', signal),
    start: (containerId, signal) => startContainer(http, containerId, signal),
    askHealth: (containerId, signal) => askHealth(http, containerId, signal),
    readHealth: (containerId, signal) => readHealth(http, containerId, signal),
    remove: (containerId, signal) => http.remove(`/containers/${containerId}`, { signal }),

    importImage: async (reference, tar, signal) => {
      const path = `/images/create?fromSrc=-&repo=${encodeURIComponent(reference)}`;
      const said = await http.post(path, { signal, body: tar, timeoutMs: importTimeoutMs });
      // The header says 200 before the tar is read: a failure comes as the last line.
      const error = said.split('\n').find(line => line.includes('"error"'));
      if (error !== undefined) {
        throw new ExternalError(`The image ${reference} could not be made`, {
          command: 'POST /images/create',
          tail: error,
        });
      }
    },

    removeVolume: (name, signal) => http.remove(`/volumes/${encodeURIComponent(name)}`, { signal }),

    tagImage: async (imageId, reference, signal) => {
      const cut = /^(.*?)(?::([^:/]+))?$/s.exec(reference);
      const repository = encodeURIComponent(cut?.[1] ?? reference);
      const tag = encodeURIComponent(cut?.[2] ?? 'latest');
      await http.post(`${imagePath(imageId)}/tag?repo=${repository}&tag=${tag}`, { signal });
    },
  };
}

async function* watch(
  http: EngineHttp,
  project: string,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<NonNullable<ReturnType<typeof toEngineEvent>>> {
  const filters = encodeURIComponent(
    JSON.stringify({ type: ['container'], label: [`${projectLabel}=${project}`], event: watchedEvents }),
  );
  try {
    const endpoint = await http.findEndpoint();
    // Another machine's clock may be ahead of ours, and then old events would come again.
    const from = endpoint.kind === 'unix' ? `&since=${since.toFixed(6)}` : '';
    const answer = await http.stream(`/events?filters=${filters}${from}`, { signal });
    for await (const value of readJsonLines(answer)) {
      const event = toEngineEvent(value);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (signal.aborted || isConnectionEnd(error)) return;
    throw error;
  }
}

async function* readLogs(
  http: EngineHttp,
  containerId: string,
  { tail, sinceMs, follow, signal }: Parameters<Engine['logs']>[1],
): ReturnType<typeof readLogLines> {
  const count = Number.isFinite(tail) ? String(tail) : 'all';
  const since = sinceMs === undefined ? '' : `&since=${(sinceMs / 1_000).toFixed(3)}`;
  try {
    const container = await inspect(http, containerId, signal);
    if (container === undefined) return;
    const answer = await http.stream(
      `/containers/${containerId}/logs?stdout=1&stderr=1&timestamps=1&tail=${count}&follow=${follow ? 1 : 0}${since}`,
      { signal },
    );
    yield* readLogLines(answer, container.Config.Tty === true ? 'raw' : 'framed');
  } catch (error) {
    if (signal.aborted || isConnectionEnd(error)) return;
    throw error;
  }
}

const encodeReference = (reference: string): string => reference.split('/').map(encodeURIComponent).join('/');

const imagePath = (reference: string): string => `/images/${encodeReference(reference)}`;

const inspect = async (
  http: EngineHttp,
  id: string,
  signal: AbortSignal | undefined,
): Promise<InspectAnswer | undefined> => {
  const found = await http.findJson(`/containers/${id}/json`, { signal });
  return found === undefined ? undefined : readInspectAnswer(found);
};

const act = async (
  http: EngineHttp,
  id: string,
  action: 'restart' | 'stop',
  signal: AbortSignal | undefined,
): Promise<void> => {
  await http.post(`/containers/${id}/${action}`, { signal, timeoutMs: actionTimeoutMs });
};

const labelFilter = (project: string): string =>
  `filters=${encodeURIComponent(JSON.stringify({ label: [`${projectLabel}=${project}`] }))}`;

/** The engine went away in the middle of a stream. */
const isConnectionEnd = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
