/** The layers of an image that is not here, as its registry tells them. */

import { parseReference } from '../../core/images/reference.ts';
import { type RunProcess, runProcess } from '../process/run-process.ts';
import { minimalEnvironment } from './compose-command.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';

const manifestTimeoutMs = 20_000;
const digestCharacters = 12;

/** As the engine names it: `linux`, `amd64`. */
export type EnginePlatform = { readonly os: string; readonly architecture: string };

type Manifest = {
  readonly layers?: readonly { readonly digest?: string; readonly size?: number }[];
  readonly manifests?: readonly {
    readonly digest?: string;
    readonly platform?: { readonly os?: string; readonly architecture?: string };
  }[];
};

/**
 * Asks by `docker manifest inspect`, which uses the proxies and the logins of the Docker command; the engine's own API
 * tells no sizes. Undefined when that does not work, whatever the reason: the pull tells it in better words.
 */
export async function readLayerSizes(
  reference: string,
  platform: EnginePlatform,
  options: {
    readonly environment: ProcessEnvironment;
    readonly signal: AbortSignal | undefined;
    readonly run?: RunProcess;
  },
): Promise<ReadonlyMap<string, number> | undefined> {
  const { environment, signal, run = runProcess } = options;
  const { registry, name } = parseReference(reference);
  // The engine takes the loopback addresses without TLS as well.
  const isLoopback = /^(127\.|localhost(:|$))/.test(registry);
  const ask = async (asked: string): Promise<Manifest | undefined> => {
    const args = ['manifest', 'inspect', ...(isLoopback ? ['--insecure'] : []), asked];
    const { exitCode, stdout } = await run('docker', args, {
      env: minimalEnvironment(environment),
      timeoutMs: manifestTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return exitCode === 0 ? (JSON.parse(stdout) as Manifest) : undefined;
  };
  try {
    const first = await ask(reference);
    const digest = first?.manifests?.find(
      entry => entry.platform?.os === platform.os && entry.platform.architecture === platform.architecture,
    )?.digest;
    const manifest = digest === undefined ? first : await ask(`${name}@${digest}`);
    return manifest?.layers === undefined ? undefined : sizesOf(manifest.layers);
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function sizesOf(layers: NonNullable<Manifest['layers']>): ReadonlyMap<string, number> {
  return new Map(
    layers.flatMap(({ digest = '', size }) => {
      const id = digest.split(':')[1]?.slice(0, digestCharacters);
      return id === undefined || size === undefined ? [] : [[id, size] as const];
    }),
  );
}
