/**
 * Makes the containers and starts each one the moment that what it waits for is there. Compose makes them, so that a
 * later `docker compose up -d` finds nothing to change; but it would start them on the engine's word alone, which comes
 * one whole interval of the healthcheck after each start. Here the health command of a service that others wait for is
 * asked as soon as its port answers. The step still ends on the engine's word for every service.
 */

import { ExternalError } from '../../core/error.ts';
import { chooseStarts, readinessOf, type Standing, startWeights } from '../../core/run/start-order.ts';
import type { Service } from '../../core/stack/stack.ts';
import type { Container } from '../../ports/engine.ts';
import { createContainerView } from './container-view.ts';
import { createHealthAsker } from './health-asker.ts';
import type { Seen } from './seen.ts';
import { createPhaseReporter, explainStuck, isSteady, isUp, seeServices } from './service-phases.ts';
import type { StepContext } from './step.ts';
import { createWaker } from './waker.ts';

type ContainerView = ReturnType<typeof createContainerView>;

/** The longest time between two looks; a change that the engine tells shortens it. */
const lookEveryMs = 500;
/** Changes come in crowds: one look sees them all. */
const shortestLookMs = 60;
/** Between the last sign of progress and giving up on a service that neither gets healthy nor fails. */
const patienceMs = 10 * 60_000;

/** Nothing of the engine's will start it again. */
const hasEnded = ({ container }: Seen): boolean =>
  container?.state === 'exited' || container?.state === 'dead';

/** What this run has not started yet says nothing by how it ended an earlier time. */
const toStanding = (seen: Seen, isOpen: boolean, answering: ReadonlySet<string>): Standing => ({
  service: seen.service,
  phase: isOpen ? 'creating' : seen.phase,
  answers: seen.container !== undefined && answering.has(seen.container.id) && seen.phase === 'starting',
  exitCode: hasEnded(seen) && !isOpen ? seen.container?.exitCode : undefined,
  restarts: seen.container?.restartCount ?? 0,
});

/** Undefined when the engine was too busy to answer: it holds a container's record while it starts it. */
async function tryLook(
  view: ContainerView,
  wanted: readonly Service[],
): Promise<readonly Seen[] | undefined> {
  try {
    return seeServices(wanted, await view.look());
  } catch (thrown) {
    if (thrown instanceof ExternalError && thrown.status === 'timeout') return undefined;
    throw thrown;
  }
}

/** Looks until `isOver`, at every change; `consider` may act on what is seen, and throw. */
async function follow(
  context: StepContext,
  wanted: readonly Service[],
  { isOver, consider, waker, view }: Follower,
): Promise<readonly Seen[]> {
  const { clock } = context.ports;
  const report = createPhaseReporter(context);
  let movedAtMs = clock.now().getTime();
  let all: readonly Seen[] = [];
  for (;;) {
    const seen = await tryLook(view, wanted);
    if (seen !== undefined) {
      all = seen;
      if (await report(all)) movedAtMs = clock.now().getTime();
      if (isOver(all)) return all;
      await consider(all);
    }
    if (clock.now().getTime() - movedAtMs > patienceMs) throw await explainStuck(context, all);
    await clock.sleep(shortestLookMs, context.signal);
    await waker.sleep(lookEveryMs - shortestLookMs, context.signal);
  }
}

type Follower = {
  readonly isOver: (all: readonly Seen[]) => boolean;
  readonly consider: (all: readonly Seen[]) => Promise<void>;
  readonly waker: ReturnType<typeof createWaker>;
  readonly view: ContainerView;
};

/** Starts what may start, a few at once, what holds up most first. */
function createStarter(
  context: StepContext,
  wanted: readonly Service[],
  /** Told of each start that is over, well or not. */
  tell: (service: Service, container: Container) => void,
) {
  const weights = startWeights(wanted);
  const asked = new Set<string>();
  /** By service. */
  const atWork = new Map<string, Promise<void>>();
  let failure: { readonly thrown: unknown } | undefined;

  const start = (service: Service, container: Container): void => {
    asked.add(container.id);
    const starting = context
      .startContainer(container.id)
      .catch(thrown => {
        failure ??= { thrown };
      })
      .finally(() => {
        atWork.delete(service.name);
        tell(service, container);
      });
    atWork.set(service.name, starting);
  };

  return {
    /** It was not started by this run yet, and does not run. A *done* one has nothing left to do. */
    isOpen: (seen: Seen): boolean =>
      seen.container === undefined ||
      (!asked.has(seen.container.id) &&
        (seen.container.state === 'created' ||
          seen.container.state === 'paused' ||
          (hasEnded(seen) && !isUp(seen.phase)))),
    isBusy: (): boolean => atWork.size > 0,
    isStarting: ({ service }: Seen): boolean => atWork.has(service.name),
    startSome: (ready: readonly Seen[], isAnyWaiting: boolean): void => {
      const seen = new Map(ready.map(one => [one.service.name, one]));
      const chosen = chooseStarts({
        ready: [...seen.keys()],
        starting: [...atWork.keys()],
        isAnyWaiting,
        weights,
      });
      for (const name of chosen) {
        const { service, container } = seen.get(name) ?? {};
        if (service !== undefined && container !== undefined) start(service, container);
      }
    },
    /** What a start that failed threw, once the others that were under way have ended. */
    throwFailure: async (): Promise<void> => {
      if (failure === undefined) return;
      await Promise.all(atWork.values());
      throw failure.thrown;
    },
    settled: () => Promise.all(atWork.values()),
  };
}

/**
 * Resolves once each wanted service is up, or has failed with nothing waiting for it; throws what keeps one from being
 * started.
 */
export async function raiseServices(
  outer: StepContext,
  wanted: readonly Service[],
): Promise<readonly Seen[]> {
  const over = new AbortController();
  const context: StepContext = { ...outer, signal: AbortSignal.any([outer.signal, over.signal]) };
  const waker = createWaker(context.ports.clock);
  const view = createContainerView(context, () => starter.isBusy());
  const asker = createHealthAsker(context, waker.wake);
  /** By what is not started yet. */
  let waitedFor: ReadonlySet<string> = new Set();
  const starter = createStarter(context, wanted, (service, container) => {
    view.touch(container.id);
    // Others wait for this: not even for a look at it.
    if (waitedFor.has(service.name)) asker.ask(service, container);
    waker.wake();
  });
  void view.feed(waker.wake);

  let isMade = false;
  /** How it ended before this run started it is the last that was seen of it. */
  const isUnsure = (seen: Seen): boolean =>
    hasEnded(seen) &&
    (starter.isStarting(seen) || (seen.container !== undefined && view.isTouched(seen.container.id)));
  const consider = async (all: readonly Seen[]): Promise<void> => {
    if (!isMade) return;
    await starter.throwFailure();
    const standings = all.map(seen =>
      toStanding(seen, starter.isOpen(seen) || isUnsure(seen), asker.answering),
    );
    const open = all.filter(starter.isOpen);
    const readiness = open.map(seen => ({ seen, is: readinessOf(seen.service, standings) }));
    if (readiness.some(({ is }) => is.kind === 'blocked')) throw await explainStuck(outer, all);
    starter.startSome(
      readiness.flatMap(({ seen, is }) => (is.kind === 'ready' ? [seen] : [])),
      readiness.some(({ is }) => is.kind === 'waits'),
    );
    waitedFor = new Set(open.flatMap(({ service }) => service.dependsOn));
    for (const { service, phase, container } of all) {
      if (container !== undefined && phase === 'starting' && waitedFor.has(service.name))
        asker.ask(service, container);
    }
  };
  const isOver = (all: readonly Seen[]): boolean =>
    isMade &&
    !starter.isBusy() &&
    all.every(seen => !starter.isOpen(seen) && !isUnsure(seen)) &&
    all.every(
      ({ phase, container }) =>
        (isUp(phase) && isSteady(container, context.ports.clock.now().getTime())) ||
        phase === 'unhealthy' ||
        phase === 'exited',
    );

  // The making and the look at the containers run side by side; the first failure ends both.
  const following = follow(context, wanted, { isOver, consider, waker, view });
  following.catch(() => {});
  try {
    await context.createContainers();
    isMade = true;
    waker.wake();
    return await following;
  } catch (thrown) {
    outer.signal.throwIfAborted();
    throw thrown;
  } finally {
    // Nothing of this run goes on after it.
    await starter.settled();
    over.abort();
  }
}
