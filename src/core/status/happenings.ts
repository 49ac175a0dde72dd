/** What happened, told as an operator would: an end, the start after it and the health after that are one thing. Pure. */

import type { StatusEvent } from './status-state.ts';

/** A process of the service was killed because its memory came up to the limit. */
export type MemoryKill = {
  /** Undefined: the limit is not known. */
  readonly limitMiB: number | undefined;
};

/** How a container's process ended. */
export type EndSeen = {
  readonly exitCode: number | undefined;
  readonly memory: MemoryKill | undefined;
  /** Somebody asked for it, and the exit code says nothing else. */
  readonly wasAskedFor: boolean;
};

export type HappeningKind =
  | { readonly kind: 'created' | 'unhealthy' | 'paused' | 'unpaused' | 'engine-gone' | 'engine-back' }
  /** `wasNew`: it was made before. */
  | { readonly kind: 'started'; readonly wasNew: boolean; readonly healthyAfterMs?: number }
  | ({ readonly kind: 'ended' } & EndSeen)
  | { readonly kind: 'removed'; readonly end: EndSeen | undefined }
  /** `count` in a row, each with the same end. */
  | ({
      readonly kind: 'restarted';
      readonly count: number;
      readonly awayMs: number;
      readonly healthyAfterMs?: number;
    } & EndSeen)
  /** Another container took the place of the old one. */
  | {
      readonly kind: 'recreated';
      readonly end: EndSeen | undefined;
      readonly awayMs: number | undefined;
      readonly healthyAfterMs?: number;
    }
  /** `afterMs`: how long it was unhealthy. */
  | { readonly kind: 'healthy'; readonly afterMs: number | undefined }
  /** A process in the container was killed, and the container runs on. */
  | { readonly kind: 'out-of-memory'; readonly memory: MemoryKill };

export type Happening = {
  /** When it began, and when the last that belongs to it was seen. */
  readonly atMs: number;
  readonly lastAtMs: number;
  /** Undefined for what happens to the engine itself. */
  readonly service: string | undefined;
  readonly what: HappeningKind;
};

/** From the kill of a process to the end of the container that it brings about. */
const killToEndMs = 10_000;

/** What happened to one service, the newest last. */
type Past = readonly Happening[];

const isStart = ({ what }: Happening): boolean =>
  what.kind === 'started' || what.kind === 'restarted' || what.kind === 'recreated';

const isSameEnd = (a: EndSeen, b: EndSeen): boolean =>
  a.exitCode === b.exitCode &&
  (a.memory === undefined) === (b.memory === undefined) &&
  a.wasAskedFor === b.wasAskedFor;

const unseenEnd: EndSeen = { exitCode: undefined, memory: undefined, wasAskedFor: false };

const endOf = ({ exitCode, memory, wasAskedFor }: EndSeen): EndSeen => ({ exitCode, memory, wasAskedFor });

/** What the start of a container is, after what came since the start before it. */
function startedAs(made: Happening | undefined, gone: Happening | undefined, atMs: number): HappeningKind {
  if (gone === undefined) return { kind: 'started', wasNew: made !== undefined };
  const awayMs = atMs - gone.atMs;
  const { what } = gone;
  if (what.kind === 'removed') return { kind: 'recreated', end: what.end, awayMs };
  const end = what.kind === 'ended' ? endOf(what) : unseenEnd;
  return made === undefined
    ? { kind: 'restarted', ...end, awayMs, count: 1 }
    : { kind: 'recreated', end, awayMs };
}

function hearStart(past: Past, service: string, atMs: number): Past {
  const from = past.findLastIndex(isStart);
  const since = past.slice(from + 1);
  const made = since.find(({ what }) => what.kind === 'created');
  const gone = since.findLast(({ what }) => what.kind === 'ended' || what.kind === 'removed');
  const rest = since.filter(each => each !== made && each !== gone);
  const what = startedAs(made, gone, atMs);
  const last = past[from];
  // A container that cannot stay up is told once.
  if (
    what.kind === 'restarted' &&
    last?.what.kind === 'restarted' &&
    last.what.healthyAfterMs === undefined &&
    rest.length === 0 &&
    isSameEnd(what, last.what)
  ) {
    const counted = { ...what, count: last.what.count + 1 };
    return [...past.slice(0, from), { ...last, lastAtMs: atMs, what: counted }];
  }
  const firstMs = Math.min(atMs, made?.atMs ?? atMs, gone?.atMs ?? atMs);
  return [...past.slice(0, from + 1), ...rest, { atMs: firstMs, lastAtMs: atMs, service, what }];
}

function hearHealthy(past: Past, service: string, atMs: number): Past {
  const last = past.at(-1);
  const what = last?.what;
  if (
    last !== undefined &&
    (what?.kind === 'started' || what?.kind === 'restarted' || what?.kind === 'recreated') &&
    what.healthyAfterMs === undefined
  ) {
    const joined = { ...what, healthyAfterMs: atMs - last.lastAtMs };
    return [...past.slice(0, -1), { ...last, lastAtMs: atMs, what: joined }];
  }
  const afterMs = what?.kind === 'unhealthy' ? atMs - (last?.atMs ?? atMs) : undefined;
  return [...past, { atMs, lastAtMs: atMs, service, what: { kind: 'healthy', afterMs } }];
}

/** The kill of a process that may still bring about what comes now. */
function recentKill(past: Past, atMs: number): Happening | undefined {
  const last = past.at(-1);
  return last?.what.kind === 'out-of-memory' && atMs - last.lastAtMs <= killToEndMs ? last : undefined;
}

/** What one event adds to the past of its service, or makes of its end. */
function hear(past: Past, { atMs, what }: StatusEvent, service: string, memory: MemoryKill): Past {
  const tell = (happened: HappeningKind, sinceMs: number, before: Past): Past => [
    ...before,
    { atMs: sinceMs, lastAtMs: atMs, service, what: happened },
  ];
  switch (what.kind) {
    case 'started':
      return hearStart(past, service, atMs);
    case 'healthy':
      return hearHealthy(past, service, atMs);
    case 'ended': {
      const kill = recentKill(past, atMs);
      const wasKilled = kill !== undefined || what.wasKilledForMemory === true;
      const ended = {
        kind: 'ended',
        exitCode: what.exitCode,
        memory: wasKilled ? memory : undefined,
        wasAskedFor: what.wasAskedFor === true && !wasKilled,
      } as const;
      return tell(
        ended,
        atMs,
        past.filter(each => each !== kill),
      );
    }
    case 'removed': {
      const last = past.at(-1);
      if (last?.what.kind !== 'ended') return tell({ kind: 'removed', end: undefined }, atMs, past);
      const removed = { kind: 'removed', end: endOf(last.what) } as const;
      return tell(removed, last.atMs, past.slice(0, -1));
    }
    case 'out-of-memory': {
      // The kernel kills one process after the other.
      const kill = recentKill(past, atMs);
      return tell(
        { kind: 'out-of-memory', memory },
        kill?.atMs ?? atMs,
        past.filter(each => each !== kill),
      );
    }
    default:
      return tell({ kind: what.kind }, atMs, past);
  }
}

/** In the order in which they began. `limitOf`: the memory limit of a service in MiB. */
export function tellHappenings(
  events: readonly StatusEvent[],
  limitOf: (service: string) => number | undefined,
): readonly Happening[] {
  const ofEngine: Happening[] = [];
  const pasts = new Map<string, Past>();
  for (const event of events) {
    const { service, atMs, what } = event;
    if (what.kind === 'engine-gone' || what.kind === 'engine-back') {
      ofEngine.push({ atMs, lastAtMs: atMs, service: undefined, what: { kind: what.kind } });
    } else if (service !== undefined) {
      pasts.set(service, hear(pasts.get(service) ?? [], event, service, { limitMiB: limitOf(service) }));
    }
  }
  return [...ofEngine, ...[...pasts.values()].flat()].toSorted((a, b) => a.atMs - b.atMs);
}
