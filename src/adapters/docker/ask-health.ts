/** The health command of a container, run in it by hand: what the engine itself does, without waiting for its interval. */

import { type HealthAnswer, readHealthAnswer } from '../../core/health/health-answer.ts';
import { printingCommand } from '../../core/health/printing-command.ts';
import { fields, flag, known, list, number, optional, text } from './answer-shape.ts';
import type { EngineHttp } from './engine-http.ts';
import { runInside } from './run-inside.ts';

const containerAnswer = fields({
  State: optional(fields({ Running: optional(flag) })),
  Config: optional(
    fields({
      Shell: optional(list(text)),
      /** The timeout in nanoseconds; 0: the engine's default. */
      Healthcheck: optional(fields({ Test: optional(list(text)), Timeout: optional(number) })),
    }),
  ),
});

const defaultTimeoutMs = 30_000;
/** As the engine has it where the image names no other. */
const defaultShell = ['/bin/sh', '-c'];
const printTimeoutMs = 5_000;

type ContainerAnswer = ReturnType<typeof containerAnswer>;

function commandOf({ Config }: ContainerAnswer): readonly string[] | undefined {
  const [kind, ...words] = Config?.Healthcheck?.Test ?? [];
  if (words.length === 0) return undefined;
  if (kind === 'CMD') return words;
  return kind === 'CMD-SHELL' ? [...(Config?.Shell ?? defaultShell), words.join(' ')] : undefined;
}

/** Undefined when there is no such container, or it does not run. */
async function findRunning(
  http: EngineHttp,
  containerId: string,
  signal: AbortSignal | undefined,
): Promise<ContainerAnswer | undefined> {
  const found = await http.findJson(`/containers/${containerId}/json`, { signal });
  const container = known(found, containerAnswer, 'the container');
  return container?.State?.Running === true ? container : undefined;
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
  const container = await findRunning(http, containerId, signal);
  const command = container === undefined ? undefined : commandOf(container);
  if (command === undefined) return undefined;
  const timeoutMs = (container?.Config?.Healthcheck?.Timeout ?? 0) / 1e6 || defaultTimeoutMs;
  const ended = await runInside(http, containerId, command, { timeoutMs, signal });
  return ended?.exitCode === 0;
}

/**
 * What the container's health path says, asked in the container itself with the tool of its own health command.
 * Undefined when that asks no path, with no tool that could print the answer, or nothing comes.
 */
export async function readHealth(
  http: EngineHttp,
  containerId: string,
  signal: AbortSignal | undefined,
): Promise<HealthAnswer | undefined> {
  const container = await findRunning(http, containerId, signal);
  const words = container === undefined ? undefined : commandOf(container);
  const command = words === undefined ? undefined : printingCommand(words);
  if (command === undefined) return undefined;
  const ended = await runInside(http, containerId, command, { timeoutMs: printTimeoutMs, signal });
  // The answer, then its status on a line of its own.
  const said = (ended?.output ?? '').trimEnd();
  const end = said.lastIndexOf('\n');
  const status = Number(said.slice(end + 1));
  return status >= 100 && status < 600
    ? readHealthAnswer(status, said.slice(0, Math.max(0, end)))
    : undefined;
}
