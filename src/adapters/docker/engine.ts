/** The Docker Engine over its HTTP API. Answers come from the engine and the kernel; nothing here decides. */

import type { Engine } from '../../ports/engine.ts';
import { askHealth, readHealth } from './ask-health.ts';
import { createCgroupReader } from './cgroup-usage.ts';
import { readContainerFile } from './container-file.ts';
import { createUsageReader } from './container-usage.ts';
import { glanceAtContainers, inspectContainer, listContainers } from './containers.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';
import { createFactsReader } from './engine-facts.ts';
import { createEngineHttp } from './engine-http.ts';
import { toContainer } from './engine-records.ts';
import { followEvents, readLogs } from './events-and-logs.ts';
import { startContainer } from './start-container.ts';
import { createStoredImages } from './stored-images.ts';
import { createVolumes } from './volumes.ts';

/** The engine waits up to the container's own grace period before it kills. */
const actionTimeoutMs = 180_000;

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
  const { facts, memoryBytes } = createFactsReader(http);
  const act = async (id: string, action: 'restart' | 'stop', signal: AbortSignal | undefined) => {
    await http.post(`/containers/${id}/${action}`, { signal, timeoutMs: actionTimeoutMs });
  };

  return {
    facts,
    ...createUsageReader({ http, cgroups, hostMemory: memoryBytes, nowMs }),
    ...createStoredImages(http),
    ...createVolumes(http),

    containers: (project, signal) => listContainers(http, project, signal),
    glance: (project, signal) => glanceAtContainers(http, project, signal),
    container: async (id, signal) => {
      const answer = await inspectContainer(http, id, signal);
      return answer === undefined ? undefined : toContainer(answer);
    },

    // From the call on, not from the first read: nothing is missed by whoever lists the containers in between.
    events: (project, signal, sinceMs = nowMs()) => followEvents(http, project, sinceMs, signal),
    logs: (containerId, options) => readLogs(http, containerId, options),
    readFile: (containerId, path, signal) => readContainerFile(http, containerId, path, signal),
    askHealth: (container, signal) => askHealth(http, container, signal),
    readHealth: (container, signal) => readHealth(http, container, signal),

    restart: (containerId, signal) => act(containerId, 'restart', signal),
    stop: (containerId, signal) => act(containerId, 'stop', signal),
    start: (containerId, signal) => startContainer(http, containerId, signal),
    remove: (containerId, signal) => http.remove(`/containers/${containerId}`, { signal }),
  };
}
