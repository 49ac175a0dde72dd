/**
 * What a switch cannot avoid, done and timed: the same containers stopped, made, started and asked for their health by
 * bare calls to the engine, by somebody who knows everything before and looks at nothing else.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createEngineHttp } from '../../src/adapters/docker/engine-http.ts';
import { projectLabel, serviceLabel } from '../../src/adapters/docker/engine-records.ts';
import { chooseStarts, startWeights } from '../../src/core/run/start-order.ts';

const askEveryMs = 100;

/** What `depends_on` of the resolved model says: the condition by the service that is waited for. */
export type Dependencies = ReadonlyMap<string, Readonly<Record<string, { readonly condition: string }>>>;

export type InspectedContainer = {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: object;
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly Aliases?: readonly string[] | null }>>;
  };
};

const serviceOf = ({ Config }: InspectedContainer): string => Config.Labels[serviceLabel] ?? '';

/** The body of the call that makes the same container again. */
const creationOf = ({ Config, HostConfig, NetworkSettings }: InspectedContainer) => ({
  ...Config,
  // That of the old one is its id.
  Hostname: undefined,
  HostConfig,
  NetworkingConfig: {
    EndpointsConfig: Object.fromEntries(
      Object.entries(NetworkSettings.Networks).map(([name, { Aliases }]) => [name, { Aliases }]),
    ),
  },
});

export type BareTimes = {
  readonly stopsMs: number;
  readonly makingMs: number;
  readonly startsAndProbesMs: number;
};

export function createBareSwitch(project: string, dependencies: Dependencies) {
  const needsOf = (service: string) => new Map(Object.entries(dependencies.get(service) ?? {}));
  const engine = createEngine({ environment: process.env });
  const http = createEngineHttp(process.env);

  const list = async (filters: Readonly<Record<string, readonly string[]>>): Promise<readonly string[]> => {
    const query = encodeURIComponent(JSON.stringify({ label: [`${projectLabel}=${project}`], ...filters }));
    const found = (await http.getJson(`/containers/json?all=1&filters=${query}`)) as readonly {
      Id: string;
    }[];
    return found.map(({ Id }) => Id);
  };
  const inspectAll = async (): Promise<readonly InspectedContainer[]> =>
    Promise.all(
      (await list({})).map(async id => (await http.getJson(`/containers/${id}/json`)) as InspectedContainer),
    );

  const make = async (container: InspectedContainer): Promise<readonly [string, string]> => {
    const path = `/containers/create?name=${encodeURIComponent(container.Name.slice(1))}`;
    const { Id }: { readonly Id: string } = JSON.parse(
      await http.post(path, { json: creationOf(container), timeoutMs: 60_000 }),
    );
    return [serviceOf(container), Id];
  };

  const untilHealthy = async (id: string): Promise<void> => {
    const container = await engine.container(id);
    while (container !== undefined && (await engine.askHealth(container)) === false) await sleep(askEveryMs);
  };

  /** Each as soon as what it waits for is there, in the order and as many at once as a switch does it. */
  const startAll = async (made: ReadonlyMap<string, string>): Promise<void> => {
    const services = [...made.keys()].map(name => ({ name, dependsOn: [...needsOf(name).keys()] }));
    const weights = startWeights(services);
    const open = new Set(made.keys());
    const starting = new Map<string, Promise<void>>();
    const started = new Set<string>();
    const answering = new Set<string>();
    const asking = new Map<string, Promise<void>>();
    const isReady = (name: string): boolean =>
      [...needsOf(name)].every(([other, { condition }]) =>
        made.has(other) ? (condition === 'service_healthy' ? answering : started).has(other) : true,
      );
    const begin = (name: string, id: string): void => {
      open.delete(name);
      const start = async (): Promise<void> => {
        await engine.start(id);
        starting.delete(name);
        started.add(name);
        if ((weights.get(name) ?? 0) === 0) return;
        const asked = untilHealthy(id).then(() => {
          asking.delete(name);
          answering.add(name);
        });
        asking.set(name, asked);
      };
      starting.set(name, start());
    };
    while (open.size > 0 || starting.size > 0) {
      const ready = [...open].filter(isReady);
      const isAnyWaiting = ready.length < open.size;
      const chosen = chooseStarts({ ready, starting: [...starting.keys()], isAnyWaiting, weights });
      for (const name of chosen) begin(name, made.get(name) ?? '');
      await Promise.race([...starting.values(), ...asking.values()]);
    }
  };

  return {
    inspectAll,
    /** To the containers `wanted`, as they were inspected when a switch had made them; those `kept` (ids) stay. */
    run: async (wanted: readonly InspectedContainer[], kept: ReadonlySet<string>): Promise<BareTimes> => {
      const left = (await list({})).filter(id => !kept.has(id));
      const startMs = performance.now();
      await Promise.all(left.map(async id => engine.stop(id).then(() => engine.remove(id))));
      const stoppedMs = performance.now();
      const made = new Map(await Promise.all(wanted.map(make)));
      const madeMs = performance.now();
      await startAll(made);
      const ids = new Set(made.values());
      while ((await list({ health: ['healthy'] })).filter(id => ids.has(id)).length < ids.size)
        await sleep(50);
      return {
        stopsMs: stoppedMs - startMs,
        makingMs: madeMs - stoppedMs,
        startsAndProbesMs: performance.now() - madeMs,
      };
    },
  };
}
