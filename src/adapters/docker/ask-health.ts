/** The health command of a container, run in it by hand: what the engine itself does, without waiting for its interval. */

import { once } from 'node:events';
import type { EngineHttp } from './engine-http.ts';

type ContainerAnswer = {
  readonly State?: { readonly Running?: boolean };
  readonly Config?: {
    readonly Shell?: readonly string[] | null;
    readonly Healthcheck?: {
      readonly Test?: readonly string[] | null;
      /** Nanoseconds; 0: the engine's default. */
      readonly Timeout?: number;
    } | null;
  };
};

const defaultTimeoutMs = 30_000;
/** As the engine has it where the image names no other. */
const defaultShell = ['/bin/sh', '-c'];

function commandOf({ Config }: ContainerAnswer): readonly string[] | undefined {
  const [kind, ...words] = Config?.Healthcheck?.Test ?? [];
  if (words.length === 0) return undefined;
  if (kind === 'CMD') return words;
  return kind === 'CMD-SHELL' ? [...(Config?.Shell ?? defaultShell), words.join(' ')] : undefined;
}

/**
 * Undefined when the container has no health command, or does not run. A command that takes longer than the
 * healthcheck's own limit has failed; the engine cannot end it, so it runs on.
 */
export async function askHealth(
  http: EngineHttp,
  containerId: string,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  const container = (await http.findJson(`/containers/${containerId}/json`, { signal })) as
    | ContainerAnswer
    | undefined;
  const command = container === undefined ? undefined : commandOf(container);
  if (command === undefined || container?.State?.Running !== true) return undefined;
  const made: { readonly Id: string } = JSON.parse(
    await http.post(`/containers/${containerId}/exec`, {
      signal,
      json: { Cmd: command, AttachStdout: true, AttachStderr: true },
    }),
  );
  const timeoutMs = (container.Config?.Healthcheck?.Timeout ?? 0) / 1e6 || defaultTimeoutMs;
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  try {
    // Its output is nobody's business; the end of it is the end of the command.
    const output = await http.stream(`/exec/${made.Id}/start`, {
      method: 'POST',
      signal: limit,
      json: { Detach: false, Tty: false },
    });
    await once(output.resume(), 'end');
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) return false;
    throw error;
  }
  const ended = (await http.findJson(`/exec/${made.Id}/json`, { signal })) as
    | { readonly Running?: boolean; readonly ExitCode?: number | null }
    | undefined;
  return ended?.Running === false && ended.ExitCode === 0;
}
