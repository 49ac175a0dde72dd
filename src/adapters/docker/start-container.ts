/** Starts a container; what the engine says against it is told in the words that Compose's errors get. */

import { ExternalError } from '../../core/error.ts';
import { type ComposeFailureCode, describeComposeFailure } from './compose-failure.ts';
import type { EngineHttp } from './engine-http.ts';
import { projectLabel, readInspectAnswer, serviceLabel } from './engine-records.ts';

/** A new volume is filled from the image first. */
const startTimeoutMs = 180_000;

/** What the engine says of a container in the same words as Compose, which only hands them on. */
const sharedCodes: readonly string[] = [
  'port-held',
  'program-missing',
  'bind-source-missing',
] satisfies readonly ComposeFailureCode[];

/** Throws an ExternalError, with a ComposeFailureCode as its `code` where the reason is known. */
export async function startContainer(
  http: EngineHttp,
  containerId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await http.post(`/containers/${containerId}/start`, { signal, timeoutMs: startTimeoutMs });
  } catch (thrown) {
    if (!(thrown instanceof ExternalError) || thrown.tail === undefined) throw thrown;
    const labels = await http
      .findJson(`/containers/${containerId}/json`, { signal })
      .then(found => readInspectAnswer(found).Config.Labels ?? {})
      .catch((): Readonly<Record<string, string>> => ({}));
    const { command = 'POST /containers/start', tail } = thrown;
    const told = describeComposeFailure({
      command,
      exitCode: undefined,
      errors: [tail],
      tail,
      project: labels[projectLabel] ?? '',
      service: labels[serviceLabel],
      user: '',
    });
    throw told.code !== undefined && sharedCodes.includes(told.code) ? told : thrown;
  }
}
