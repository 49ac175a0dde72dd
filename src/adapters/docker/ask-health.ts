/** The health command of a container, run in it by hand: what the engine itself does, without waiting for its interval. */

import { ExternalError } from '../../core/error.ts';
import { type HealthAnswer, readHealthAnswer } from '../../core/health/health-answer.ts';
import { printingCommand } from '../../core/health/printing-command.ts';
import type { HealthSubject } from '../../ports/engine.ts';
import type { EngineHttp } from './engine-http.ts';
import { runInside } from './run-inside.ts';

const printTimeoutMs = 5_000;

/** There is no such container, or it does not run. */
const notRunning: readonly unknown[] = [404, 409];

function undefinedUnlessRunning(thrown: unknown): undefined {
  if (thrown instanceof ExternalError && notRunning.includes(thrown.status)) return undefined;
  throw thrown;
}

/**
 * Undefined when the container has no health command, or does not run. A command that takes longer than the
 * healthcheck's own limit has failed; the engine cannot end it, so it runs on.
 */
export async function askHealth(
  http: EngineHttp,
  { id, healthCommand }: HealthSubject,
  signal: AbortSignal | undefined,
): Promise<boolean | undefined> {
  if (healthCommand === undefined) return undefined;
  const { words, timeoutMs } = healthCommand;
  return runInside(http, id, words, { timeoutMs, signal }).then(
    ended => ended?.exitCode === 0,
    undefinedUnlessRunning,
  );
}

/**
 * What the container's health path says, asked in the container itself with the tool of its own health command.
 * Undefined when that asks no path, with no tool that could print the answer, or nothing comes.
 */
export async function readHealth(
  http: EngineHttp,
  { id, healthCommand }: HealthSubject,
  signal: AbortSignal | undefined,
): Promise<HealthAnswer | undefined> {
  const command = healthCommand === undefined ? undefined : printingCommand(healthCommand.words);
  if (command === undefined) return undefined;
  const asked = runInside(http, id, command, { timeoutMs: printTimeoutMs, signal });
  const ended = await asked.catch(undefinedUnlessRunning);
  // The answer, then its status on a line of its own.
  const said = (ended?.output ?? '').trimEnd();
  const end = said.lastIndexOf('\n');
  const status = Number(said.slice(end + 1));
  return status >= 100 && status < 600
    ? readHealthAnswer(status, said.slice(0, Math.max(0, end)))
    : undefined;
}
