/** Pulls through the engine's API: the same bytes and errors whatever Compose is there. */

import { ExternalError } from '../../core/error.ts';
import { parseReference } from '../../core/images/reference.ts';
import {
  completeLayers,
  describePull,
  type Layers,
  type PullLine,
  reducePull,
  waitingLayers,
} from '../../core/images/transfer.ts';
import type { Images, PullOptions } from '../../ports/images.ts';
import { findDiskOf } from '../host/disk-of.ts';
import { fields, list, number, optional, text } from './answer-shape.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';
import { createEngineHttp, type EngineHttp } from './engine-http.ts';
import { readJsonLines } from './engine-streams.ts';
import { describeImageFailure } from './image-failure.ts';
import { readLayerSizes } from './image-manifest.ts';
import { findRegistryLogin } from './registry-login.ts';

/** The engine's header comes once the registry has sent the manifest. */
const answerTimeoutMs = 120_000;
/** The engine itself waits without end for a registry that says nothing more. */
const silenceTimeoutMs = 300_000;
/** Where containerd keeps images when the engine leaves them to it (Docker 29 and newer). */
const containerdFolder = '/var/lib/containerd';

/** One line of what a pull says; one of another shape says nothing. */
function pullLine(value: unknown): PullLine & { readonly error?: string } {
  const line = optional(
    fields({
      id: optional(text),
      status: optional(text),
      error: optional(text),
      progressDetail: optional(fields({ current: optional(number), total: optional(number) })),
    }),
  )(value, 'the line');
  const { current, total } = line?.progressDetail ?? {};
  return {
    ...(line?.id === undefined ? {} : { id: line.id }),
    ...(line?.status === undefined ? {} : { status: line.status }),
    ...(line?.error === undefined ? {} : { error: line.error }),
    progressDetail: {
      ...(current === undefined ? {} : { current }),
      ...(total === undefined ? {} : { total }),
    },
  };
}

type ImagesOptions = {
  /** The process environment: what finds the engine, the client's configuration, and DOCKER_DEFAULT_PLATFORM. */
  readonly environment: ProcessEnvironment;
};

/** Connects at the first call. */
export function createImages({ environment }: ImagesOptions): Images {
  const http = createEngineHttp(environment);
  return {
    layerSizes: async (reference, signal) => {
      const [os, architecture] = (environment.DOCKER_DEFAULT_PLATFORM ?? '').split('/');
      const engine = fields({ Os: text, Arch: text })(
        await http.getJson('/version', { signal }),
        'the version',
      );
      const platform = { os: os || engine.Os, architecture: architecture || engine.Arch };
      return readLayerSizes(reference, platform, { environment, signal });
    },

    references: async signal => {
      const images = list(fields({ RepoTags: optional(list(text)) }))(
        await http.getJson('/images/json', { signal }),
        'the images',
      );
      return images.flatMap(image => image.RepoTags ?? []);
    },

    disk: async signal => {
      const endpoint = await http.findEndpoint();
      if (endpoint.kind !== 'unix') return undefined;
      const info = fields({ DockerRootDir: text, DriverStatus: optional(list(list(text))) })(
        await http.getJson('/info', { signal }),
        'the answer',
      );
      const isContainerd = info.DriverStatus?.some(pair => pair.join().includes('containerd.snapshotter'));
      const folder = isContainerd === true ? containerdFolder : info.DockerRootDir;
      const disk = await findDiskOf(folder);
      return disk === undefined ? undefined : { folder, ...disk };
    },

    pull: async (reference, known, options = {}) => {
      const { registry, name, version } = parseReference(reference);
      const login = await findRegistryLogin(environment, registry);
      const platform = environment.DOCKER_DEFAULT_PLATFORM ?? '';
      const query = new URLSearchParams({
        fromImage: name,
        tag: version,
        ...(platform === '' ? {} : { platform }),
      });
      await pull(http, reference, `/images/create?${query}`, {
        ...options,
        headers: login === undefined ? {} : { 'X-Registry-Auth': login },
        layers: waitingLayers(known ?? new Map()),
      });
    },
  };
}

async function pull(
  http: EngineHttp,
  reference: string,
  path: string,
  options: PullOptions & { readonly headers: Readonly<Record<string, string>>; readonly layers: Layers },
): Promise<void> {
  const { signal, onProgress, headers } = options;
  const command = `POST ${path}`;
  const silence = new AbortController();
  const both = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  let timer: NodeJS.Timeout | undefined;
  const listen = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceTimeoutMs);
  };
  let { layers } = options;
  try {
    const answer = await http.stream(path, {
      method: 'POST',
      headers,
      signal: both,
      timeoutMs: answerTimeoutMs,
    });
    listen();
    for await (const value of readJsonLines(answer)) {
      listen();
      const { error, ...line } = pullLine(value);
      if (error !== undefined) throw describeImageFailure(reference, error, { command });
      layers = reducePull(layers, line);
      onProgress?.({ layers, note: describePull(layers, line) });
    }
    onProgress?.({ layers: completeLayers(layers), note: undefined });
  } catch (thrown) {
    signal?.throwIfAborted();
    throw explain(thrown, reference, command, silence.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

function explain(thrown: unknown, reference: string, command: string, isSilent: boolean): unknown {
  if (isSilent) {
    return new ExternalError(`The image ${reference} stopped coming`, {
      command,
      code: 'registry-failed',
      hint: `Nothing came from the registry for ${silenceTimeoutMs / 60_000} min.`,
      nextSteps: ['Check the network of this machine, then try again.'],
    });
  }
  // The engine refuses with a status while it has sent nothing, and with a last line after that.
  if (thrown instanceof ExternalError && typeof thrown.status === 'number') {
    return describeImageFailure(reference, thrown.tail ?? thrown.message, { command, status: thrown.status });
  }
  if (thrown instanceof ExternalError || !(thrown instanceof Error)) return thrown;
  return new ExternalError(`The Docker Engine went away while it pulled ${reference}`, {
    command,
    code: 'engine-down',
    hint: thrown.message,
    nextSteps: ['See how it is: sudo systemctl status docker', 'Then start homeiq again.'],
  });
}
