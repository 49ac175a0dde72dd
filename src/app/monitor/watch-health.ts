/**
 * Asks services for their health by their published ports: when their state changes, when somebody looks at one, and once
 * a minute besides. What publishes no port is asked inside its container, and only when somebody looks at it.
 */

import type { HealthSeen } from '../../core/status/health-seen.ts';
import type { StatusInput } from '../../core/status/reduce-status.ts';
import type { Container } from '../../ports/engine.ts';
import type { Clock } from '../../ports/host.ts';
import type { ServiceHealth } from '../../ports/program.ts';

export type HealthSource = {
  readonly port: ServiceHealth;
  /** Of a service of the stack; undefined: it has none that is known. */
  readonly pathOf: (service: string) => string | undefined;
};

export type HealthWatch = {
  /** Told each list of containers: asks those whose state is another one. */
  readonly listed: (containers: readonly Container[]) => void;
  /** Somebody looks at this service. */
  readonly ask: (service: string) => void;
  /** Until the signal. */
  readonly ended: Promise<void>;
};

const intervalMs = 60_000;
/** Who looks again so soon sees the same answer. */
const freshMs = 5_000;

const stateKey = ({ id, state, health, startedAt }: Container): string =>
  `${id} ${state} ${health} ${startedAt ?? ''}`;

const canBeAsked = ({ state, health }: Container): boolean => state === 'running' && health !== 'starting';

/** Its path can be asked from this machine. */
const answersHere = (container: Container): boolean =>
  canBeAsked(container) && container.publishedPorts.length > 0;

/** Asks all that run and publish a port, at once: each answer is small, and a silent one waits for nobody. */
export async function askAllHealth(
  { port, pathOf }: HealthSource,
  containers: readonly Container[],
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, HealthSeen>> {
  const seen = await Promise.all(
    containers.map(async (container): Promise<readonly (readonly [string, HealthSeen])[]> => {
      const { service = '', id } = container;
      const path = pathOf(service);
      if (path === undefined || !answersHere(container)) return [];
      const answer = await port.ask(container, path, signal);
      return [[service, { containerId: id, askedAtMs: clock.now().getTime(), answer }]];
    }),
  );
  return new Map(seen.flat());
}

export function startHealthWatch(options: {
  readonly source: HealthSource;
  readonly clock: Clock;
  readonly watched: (signal: AbortSignal) => Promise<void>;
  readonly hear: (input: StatusInput) => void;
  readonly signal: AbortSignal;
}): HealthWatch {
  const { source, clock, watched, hear, signal } = options;
  const now = (): number => clock.now().getTime();
  const keys = new Map<string, string>();
  const askedAtMs = new Map<string, number>();
  let containers: readonly Container[] = [];

  const tell = (seen: ReadonlyMap<string, HealthSeen>): void => {
    if (seen.size === 0 || signal.aborted) return;
    for (const { containerId, askedAtMs: atMs } of seen.values()) askedAtMs.set(containerId, atMs);
    hear({ kind: 'health', atMs: now(), seen });
  };
  const askThese = (some: readonly Container[]): Promise<void> => {
    // From the question on, not from the answer: nobody asks twice at once.
    for (const container of some.filter(answersHere)) askedAtMs.set(container.id, now());
    return askAllHealth(source, some, clock, signal).then(tell, () => undefined);
  };

  const askInside = async (container: Container): Promise<void> => {
    const answer = await source.port.askInside(container, signal).catch(() => undefined);
    const seen: HealthSeen = { containerId: container.id, askedAtMs: now(), answer };
    tell(new Map([[container.service ?? '', seen]]));
  };

  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      await watched(signal);
      await askThese(containers.filter(({ id }) => now() - (askedAtMs.get(id) ?? 0) >= intervalMs / 2));
      await clock.sleep(intervalMs, signal).catch(() => undefined);
    }
  };

  return {
    listed: list => {
      containers = list;
      const changed = list.filter(container => keys.get(container.id) !== stateKey(container));
      keys.clear();
      for (const container of list) keys.set(container.id, stateKey(container));
      for (const id of [...askedAtMs.keys()]) if (!keys.has(id)) askedAtMs.delete(id);
      if (changed.length > 0) void askThese(changed);
    },
    ask: service => {
      const container = containers.find(each => each.service === service && canBeAsked(each));
      if (container === undefined || now() - (askedAtMs.get(container.id) ?? 0) < freshMs) return;
      askedAtMs.set(container.id, now());
      void (container.publishedPorts.length > 0 ? askThese([container]) : askInside(container));
    },
    ended: watch(),
  };
}
