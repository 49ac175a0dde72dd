/**
 * A Docker Engine in this process, for the rehearsal and for tests. The same calls at the same times of the
 * injected clock give the same answers.
 */

import { ExternalError } from '../../core/error.ts';
import type { Container, ContainerUsage, Engine, EngineEvent, LogLine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import { describeContainer } from './rehearsal-container.ts';
import { rehearseHealth } from './rehearsal-health.ts';
import { rehearsedLineCount, rehearseLogLine, rehearseUsage } from './rehearsal-usage.ts';
import { createRehearsalWorld, digest, type RehearsalControl } from './rehearsal-world.ts';

type RehearsalEngineControl = RehearsalControl & {
  readonly addImage: (reference: string) => void;
  readonly addVolume: (project: string, name: string) => void;
  /** False: every call fails as if the engine were stopped, and open streams end. Containers live on. */
  readonly setReachable: (isReachable: boolean) => void;
};

export type RehearsalEngine = { readonly engine: Engine; readonly control: RehearsalEngineControl };

/** What a mini-PC sold with 8 GB has. */
export const rehearsalMemoryMiB = 7936;

export function createRehearsalEngine({ clock }: { readonly clock: Clock }): RehearsalEngine {
  const world = createRehearsalWorld(clock);
  const images = new Map<string, string>();
  const volumes = new Map<string, Set<string>>();
  let isReachable = true;

  const now = (): number => clock.now().getTime();
  const addImage = (reference: string): void => void images.set(reference, `sha256:${digest(reference)}`);

  const describe = (container: Parameters<typeof describeContainer>[0]): Container =>
    describeContainer(container, images.get(container.spec.image) ?? '');

  const reach = (signal?: AbortSignal): void => {
    signal?.throwIfAborted();
    if (isReachable) return;
    throw new ExternalError('Docker does not answer.', {
      hint: 'The rehearsed engine was stopped.',
      nextSteps: ['Start it again.'],
    });
  };

  async function* events(
    project: string,
    signal: AbortSignal,
    sinceMs?: number,
  ): AsyncGenerator<EngineEvent> {
    reach(signal);
    let cursor = world.eventCount();
    while (sinceMs !== undefined && (world.eventAt(cursor - 1)?.atMs ?? 0) >= sinceMs) cursor -= 1;
    for (; !signal.aborted && isReachable; ) {
      const event = world.eventAt(cursor);
      if (event === undefined) {
        await world.waitUntil(world.nextAtMs(), signal);
        continue;
      }
      cursor += 1;
      const { project: owner, ...told } = event;
      if (owner === project) yield told;
    }
  }

  async function* logs(
    containerId: string,
    { tail, sinceMs = 0, follow, signal }: Parameters<Engine['logs']>[1],
  ): AsyncGenerator<LogLine> {
    reach(signal);
    let startedMs: number | undefined;
    let index = 0;
    while (!signal.aborted && isReachable) {
      const container = world.find(containerId);
      if (container === undefined) return;
      const { life, spec } = container;
      let nextAtMs: number | undefined;
      if (life.kind === 'running') {
        const written = rehearsedLineCount(spec.service, life.startedMs, now());
        if (startedMs !== life.startedMs) {
          index = startedMs === undefined ? Math.max(0, written - tail) : 0;
          startedMs = life.startedMs;
        }
        for (; index < written; index += 1) {
          const { atMs, line } = rehearseLogLine(spec.service, life.startedMs, index);
          if (atMs >= sinceMs) yield line;
        }
        nextAtMs = rehearseLogLine(spec.service, life.startedMs, index).atMs;
      }
      if (!follow) return;
      await world.waitUntil(nextAtMs ?? world.nextAtMs(), signal);
    }
  }

  const listContainers: Engine['containers'] = async (project, signal) => {
    reach(signal);
    return world
      .containers()
      .filter(container => project === undefined || container.spec.project === project)
      .map(describe);
  };

  const engine: Engine = {
    facts: async signal => {
      reach(signal);
      return {
        version: '28.2.0',
        apiVersion: '1.50',
        operatingSystem: 'Debian GNU/Linux 12 (rehearsed)',
        memoryMiB: rehearsalMemoryMiB,
        cgroupVersion: '2',
        cgroupDriver: 'systemd',
        dataFolder: '/var/lib/docker',
      };
    },
    containers: listContainers,
    glance: listContainers,
    container: async (id, signal) => {
      reach(signal);
      const container = world.find(id);
      return container === undefined ? undefined : describe(container);
    },
    events,
    usage: async (asked, signal) => {
      reach(signal);
      const usage = new Map<string, ContainerUsage>();
      for (const { id } of asked) {
        const container = world.find(id);
        if (container?.life.kind !== 'running') continue;
        usage.set(id, rehearseUsage(container.spec, now() - container.life.startedMs, now()));
      }
      return usage;
    },
    // Nothing real runs: there is no kernel to count.
    memoryPeaks: async () => new Map(),
    logs,
    isInRegistry: async () => true,
    images: async (references, signal) => {
      reach(signal);
      const here = references.flatMap(reference => {
        const id = images.get(reference);
        return id === undefined ? [] : [[reference, id] as const];
      });
      return new Map(here);
    },
    volumes: async (project, signal) => {
      reach(signal);
      return [...(volumes.get(project) ?? [])];
    },
    volumeSizes: async signal => {
      reach(signal);
      return new Map();
    },
    readFile: async (_containerId, _path, signal) => {
      reach(signal);
      return undefined;
    },
    removeVolume: async (name, signal) => {
      reach(signal);
      for (const names of volumes.values()) names.delete(name);
    },
    restart: async (containerId, signal) => {
      reach(signal);
      world.stop(containerId);
      world.start(containerId);
    },
    stop: async (containerId, signal) => {
      reach(signal);
      world.stop(containerId);
    },
    start: async (containerId, signal) => {
      reach(signal);
      world.start(containerId);
    },
    askHealth: async ({ id }, signal) => {
      reach(signal);
      const life = world.find(id)?.life;
      return life?.kind === 'running' && life.health !== 'none' ? life.health === 'healthy' : undefined;
    },
    readHealth: async ({ id }, signal) => {
      reach(signal);
      const container = world.find(id);
      return container?.life.kind === 'running'
        ? rehearseHealth(describeContainer(container, ''))
        : undefined;
    },
    remove: async (containerId, signal) => {
      reach(signal);
      if (world.find(containerId) !== undefined) world.remove(containerId);
    },
    tagImage: async (imageId, reference, signal) => {
      reach(signal);
      images.set(reference, imageId);
    },
    importImage: async (reference, _tar, signal) => {
      reach(signal);
      addImage(reference);
    },
  };

  return {
    engine,
    control: {
      ...world,
      addImage,
      addVolume: (project, name) => {
        volumes.set(project, (volumes.get(project) ?? new Set()).add(name));
      },
      setReachable: next => {
        isReachable = next;
        world.wake();
      },
    },
  };
}
