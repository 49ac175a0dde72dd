/** The logs of several services as one stream in the order of time, for scripts: whole, at the pace of who reads it. */

import { createEntryMaker, type LogEntry } from '../../core/logs/log-entry.ts';
import type { Engine, LogLine } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';

export type ServiceLine = {
  readonly entry: LogEntry;
  /** As the service wrote it. */
  readonly line: LogLine;
};

export type LogRequest = {
  readonly services: readonly string[];
  /** Of each service at most so many of those that are wanted, the newest; undefined: all. */
  readonly count: number | undefined;
  readonly sinceMs: number | undefined;
  /** Undefined: every line is wanted. */
  readonly isWanted: ((entry: LogEntry) => boolean) | undefined;
};

type Reading = {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly project: string;
  readonly signal: AbortSignal;
};

/** While it follows, what comes is put in order in such steps: the services' lines come by different ways. */
const stepMs = 200;
/** So many lines wait; then the engine waits. */
const longestQueue = 5_000;
const lookAgainMs = 1_000;

const idsByService = async ({ engine, project, signal }: Reading): Promise<ReadonlyMap<string, string>> => {
  const containers = await engine.containers(project, signal);
  return new Map(containers.flatMap(({ id, service }) => (service === undefined ? [] : [[service, id]])));
};

/** A line without a time cannot be put in order by it: it stays after the one before it. */
const isBefore = (a: ServiceLine, b: ServiceLine): boolean => a.entry.atMs < b.entry.atMs;

async function* readOne(
  reading: Reading,
  containerId: string,
  service: string,
  { count, sinceMs, isWanted }: LogRequest,
): AsyncGenerator<ServiceLine> {
  // The engine counts lines; which of them are wanted is known here only.
  const isCountedHere = count !== undefined && (isWanted !== undefined || sinceMs !== undefined);
  const tail = count === undefined || isCountedHere ? Number.POSITIVE_INFINITY : count;
  const make = createEntryMaker(service);
  let kept: ServiceLine[] = [];
  let id = 0;
  const { engine, signal } = reading;
  for await (const line of engine.logs(containerId, { tail, sinceMs, follow: false, signal })) {
    id += 1;
    const entry = make(id, line);
    if (isWanted?.(entry) === false) continue;
    if (!isCountedHere) yield { entry, line };
    else {
      kept.push({ entry, line });
      if (kept.length >= 2 * count) kept = kept.slice(-count);
    }
  }
  if (count !== undefined) yield* count === 0 ? [] : kept.slice(-count);
}

/** What was written until now, of the services that have a container, merged by time with one line of each in memory. */
export async function* readPastLogs(reading: Reading, request: LogRequest): AsyncGenerator<ServiceLine> {
  const ids = await idsByService(reading);
  const streams = request.services.flatMap(service => {
    const id = ids.get(service);
    return id === undefined ? [] : [readOne(reading, id, service, request)];
  });
  const heads = await Promise.all(streams.map(async stream => ({ stream, next: await stream.next() })));
  for (;;) {
    let first: { readonly value: ServiceLine; readonly head: (typeof heads)[number] } | undefined;
    for (const head of heads) {
      const { next } = head;
      if (next.done !== true && (first === undefined || isBefore(next.value, first.value))) {
        first = { value: next.value, head };
      }
    }
    if (first === undefined) return;
    yield first.value;
    first.head.next = await first.head.stream.next();
  }
}

/** From where on to follow: the last time that was seen of a service, as the engine wrote it, else the start. */
type Seen = { readonly startedMs: number; readonly last: ReadonlyMap<string, string> };

/**
 * What comes after what was seen, through restarts and new containers, until the signal. Nothing is left out: who reads
 * slowly makes the engine wait.
 */
export async function* followLogs(
  reading: Reading,
  request: LogRequest,
  { startedMs, last }: Seen,
): AsyncGenerator<ServiceLine> {
  const { engine, clock, signal } = reading;
  let queue: ServiceLine[] = [];
  let nextId = 0;
  let goOn: (() => void)[] = [];

  const pump = async (service: string): Promise<void> => {
    const make = createEntryMaker(service);
    let lastAt = last.get(service) ?? '';
    while (!signal.aborted) {
      try {
        const id = (await idsByService(reading)).get(service);
        const sinceMs = lastAt === '' ? startedMs : Date.parse(lastAt);
        const tail = Number.POSITIVE_INFINITY;
        const log = id === undefined ? [] : engine.logs(id, { tail, sinceMs, follow: true, signal });
        const knownUntil = lastAt;
        let isKnown = knownUntil !== '';
        for await (const line of log) {
          isKnown = isKnown && line.at !== undefined && line.at <= knownUntil;
          if (isKnown) continue;
          lastAt = line.at ?? lastAt;
          nextId += 1;
          const entry = make(nextId, line);
          if (request.isWanted?.(entry) === false) continue;
          queue.push({ entry, line });
          if (queue.length >= longestQueue) await new Promise<void>(resolve => goOn.push(resolve));
        }
      } catch {
        // The engine is away, or the container: both may come back.
      }
      await clock.sleep(lookAgainMs, signal).catch(() => undefined);
    }
  };
  for (const service of request.services) void pump(service);

  while (!signal.aborted) {
    await clock.sleep(stepMs, signal).catch(() => undefined);
    const batch = queue.toSorted((a, b) => a.entry.atMs - b.entry.atMs);
    queue = [];
    yield* batch;
    const waiting = goOn;
    goOn = [];
    for (const resolve of waiting) resolve();
  }
  for (const resolve of goOn) resolve();
}
