/** Starts the services of the mode and follows each one until it is healthy or *done*. */

import { ExternalError, UserError } from '../../core/error.ts';
import type { ServicePhase } from '../../core/run/journal-event.ts';
import { type Service, servicesOfMode } from '../../core/stack/stack.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import type { Container } from '../../ports/engine.ts';
import { projectContainers } from './containers.ts';
import { explainHeldPort } from './held-port.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

/** How often the containers are looked at while the services start. */
const lookEveryMs = 500;
/** Between the last sign of progress and giving up on a service that neither gets healthy nor fails. */
const patienceMs = 10 * 60_000;
const configHashLabel = 'com.docker.compose.config-hash';

/** The services that this run starts, stand-ins of the level included. */
export async function wantedServices(context: StepContext): Promise<readonly Service[]> {
  const starts = new Set(context.plan.services.filter(service => service.start).map(service => service.name));
  return servicesOfMode(await context.stack(), context.request.mode).filter(
    service => starts.has(service.name) || service.standIn === true,
  );
}

/** Where one service is, from its container. */
export function phaseOf(service: Service, container: Container | undefined): ServicePhase {
  if (container === undefined) return 'waiting';
  switch (container.state) {
    case 'created':
      return 'creating';
    case 'running':
      if (container.health === 'none') return 'running';
      return container.health;
    case 'exited':
    case 'dead':
      return service.isOneShot && container.exitCode === 0 ? 'done' : 'exited';
    case 'paused':
    case 'restarting':
    case 'removing':
      return container.state === 'restarting' ? 'exited' : 'waiting';
  }
}

const isUp = (phase: ServicePhase): boolean => phase === 'healthy' || phase === 'running' || phase === 'done';

type Seen = {
  readonly service: Service;
  readonly phase: ServicePhase;
  readonly container: Container | undefined;
};

async function look(context: StepContext, wanted: readonly Service[]): Promise<readonly Seen[]> {
  const containers = await projectContainers(context);
  return wanted.map(service => {
    const container = containers.find(({ service: name }) => name === service.name);
    return { service, container, phase: phaseOf(service, container) };
  });
}

/** What keeps a service that is not up: the dependency that is not, or its own healthcheck. */
function explainPhase(seen: Seen, all: readonly Seen[]): string {
  const blocker = seen.service.dependsOn
    .map(name => all.find(({ service }) => service.name === name))
    .find(other => other !== undefined && !isUp(other.phase));
  if ((seen.phase === 'waiting' || seen.phase === 'creating') && blocker !== undefined) {
    return `waits for ${blocker.service.name}`;
  }
  if (seen.phase === 'exited') {
    return `exit code ${seen.container?.exitCode ?? 'unknown'}${seen.container?.wasKilledForMemory ? ', killed for memory' : ''}`;
  }
  return '';
}

/** Tells the journal of every change of phase, and nothing else. */
function createPhaseReporter(context: StepContext) {
  const told = new Map<string, string>();
  return async (all: readonly Seen[]): Promise<boolean> => {
    let hasChanged = false;
    for (const seen of all) {
      const detail = explainPhase(seen, all);
      const line = `${seen.phase} ${detail}`;
      if (told.get(seen.service.name) === line) continue;
      told.set(seen.service.name, line);
      hasChanged = true;
      await context.emit({
        kind: 'service',
        service: seen.service.name,
        phase: seen.phase,
        ...(detail === '' ? {} : { detail }),
      });
    }
    return hasChanged;
  };
}

/** Looks until `isOver`, telling every change; throws when nothing moved for too long. */
async function follow(
  context: StepContext,
  wanted: readonly Service[],
  isOver: (all: readonly Seen[]) => boolean,
): Promise<readonly Seen[]> {
  const { clock } = context.ports;
  const report = createPhaseReporter(context);
  let movedAtMs = clock.now().getTime();
  for (;;) {
    const all = await look(context, wanted);
    if (await report(all)) movedAtMs = clock.now().getTime();
    if (isOver(all)) return all;
    if (clock.now().getTime() - movedAtMs > patienceMs) throw await explainStuck(context, all);
    await clock.sleep(lookEveryMs, context.signal);
  }
}

/** The service that keeps the others, with the last lines of its log. */
async function explainStuck(context: StepContext, all: readonly Seen[]): Promise<UserError> {
  const down = all.filter(({ phase }) => !isUp(phase));
  const culprit =
    down.find(({ phase }) => phase === 'unhealthy' || phase === 'exited') ??
    down.find(({ phase }) => phase === 'starting') ??
    down[0];
  if (culprit === undefined) return new UserError('The services did not start.');
  const tail = culprit.container === undefined ? [] : await lastLogLines(context, culprit.container.id);
  const detail = explainPhase(culprit, all);
  return new UserError(
    `${culprit.service.name} is ${culprit.phase}${detail === '' ? '' : ` (${detail})`}; ${all.length - down.length} of ${all.length} services are up.`,
    {
      hint: tail.length === 0 ? 'Its log is empty.' : `The end of its log:\n${tail.join('\n')}`,
      nextSteps: [
        ...moreMemory(culprit),
        `Look at the log: docker compose logs ${culprit.service.name}`,
        'Then run the same command again: it continues with what is missing.',
      ],
    },
  );
}

const moreMemory = ({ service, container }: Seen): readonly string[] =>
  container?.wasKilledForMemory === true && container.limitMiB !== undefined
    ? [
        `Give ${service.name} more than its ${container.limitMiB} MiB: mem_limit of it in compose.override.yaml`,
      ]
    : [];

async function lastLogLines(context: StepContext, containerId: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const log = context.ports.engine.logs(containerId, { tail: 8, follow: false, signal: context.signal });
  for await (const line of log) lines.push(sanitiseLine(line.text));
  return lines;
}

const check: Step['check'] = async context => {
  const wanted = await wantedServices(context);
  const [all, hashes] = await Promise.all([look(context, wanted), context.hashes()]);
  const open = all.filter(
    ({ service, container, phase }) =>
      !isUp(phase) || container?.labels[configHashLabel] !== hashes.get(service.name),
  );
  return open.length === 0
    ? { isDone: true, summary: `${all.length} up` }
    : {
        isDone: false,
        summary: `${open.length} of ${all.length} to start: ${open.map(({ service }) => service.name).join(', ')}`,
      };
};

export const servicesStep: Step = {
  id: 'services',
  title: () => 'Services',
  check,
  act: async context => {
    const wanted = await wantedServices(context);
    // `up` and the look at the containers run side by side; the first failure ends both.
    const stopLooking = new AbortController();
    const looking: StepContext = {
      ...context,
      signal: AbortSignal.any([context.signal, stopLooking.signal]),
    };
    let isUpFinished = false;
    const following = follow(
      looking,
      wanted,
      all =>
        isUpFinished && all.every(({ phase }) => isUp(phase) || phase === 'unhealthy' || phase === 'exited'),
    );
    following.catch(() => {});
    try {
      await context.ports.compose.up(context.target, 'profile', { signal: context.signal });
    } catch (thrown) {
      stopLooking.abort();
      await following.catch(() => {});
      context.signal.throwIfAborted();
      const all = await look(context, wanted);
      // Compose names the dependency that failed, but not why: our own look does.
      if (all.some(({ phase }) => phase === 'unhealthy' || phase === 'exited'))
        throw await explainStuck(context, all);
      const isPortHeld = thrown instanceof ExternalError && thrown.code === 'port-held';
      const names = wanted.map(({ name }) => name);
      throw (isPortHeld ? await explainHeldPort(context, names) : undefined) ?? thrown;
    }
    isUpFinished = true;
    const all = await following;
    if (!all.every(({ phase }) => isUp(phase))) throw await explainStuck(context, all);
    return `${all.length} of ${all.length} healthy`;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the start ${summary}.`)),
};
