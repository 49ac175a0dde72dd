/** What the engine tells as it comes. Both end quietly when they are aborted, or the engine goes away. */

import type { Engine, EngineEvent, LogLine } from '../../ports/engine.ts';
import { inspectContainer } from './containers.ts';
import type { EngineHttp } from './engine-http.ts';
import { projectLabel, toEngineEvent, watchedEvents } from './engine-records.ts';
import { readJsonLines, readLogLines } from './engine-streams.ts';

/** The events of a project's containers; `sinceMs` is a moment on this machine's clock. */
export async function* followEvents(
  http: EngineHttp,
  project: string,
  sinceMs: number,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const filters = encodeURIComponent(
    JSON.stringify({ type: ['container'], label: [`${projectLabel}=${project}`], event: watchedEvents }),
  );
  try {
    const endpoint = await http.findEndpoint();
    // Another machine's clock may be ahead of ours, and then old events would come again.
    const from = endpoint.kind === 'unix' ? `&since=${(sinceMs / 1_000).toFixed(6)}` : '';
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

export async function* readLogs(
  http: EngineHttp,
  containerId: string,
  { tail, sinceMs, follow, signal }: Parameters<Engine['logs']>[1],
): AsyncGenerator<LogLine> {
  const count = Number.isFinite(tail) ? String(tail) : 'all';
  const since = sinceMs === undefined ? '' : `&since=${(sinceMs / 1_000).toFixed(3)}`;
  try {
    const container = await inspectContainer(http, containerId, signal);
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

/** The engine went away in the middle of a stream. */
const isConnectionEnd = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
