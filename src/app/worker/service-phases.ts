/** Where the services of the mode are: what is told of each, and what to say when one keeps the others. */

import { ExternalError, UserError } from '../../core/error.ts';
import type { ServicePhase } from '../../core/run/journal-event.ts';
import { type Service, servicesOfMode } from '../../core/stack/stack.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import type { Container } from '../../ports/engine.ts';
import { projectContainers } from './containers.ts';
import type { Seen } from './seen.ts';
import type { StepContext } from './step.ts';

/** A container that was started again counts as up once it has stayed up this long. */
const restartedUpMs = 10_000;

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

export const isUp = (phase: ServicePhase): boolean =>
  phase === 'healthy' || phase === 'running' || phase === 'done';

/** Not one that was healthy for a moment between two ends. A start in the future is the clock's doing. */
export function isSteady(container: Container | undefined, nowMs: number): boolean {
  if (container === undefined || container.restartCount === 0) return true;
  const upMs = nowMs - Date.parse(container.startedAt ?? '');
  return !(upMs >= 0 && upMs < restartedUpMs);
}

export const seeServices = (wanted: readonly Service[], containers: readonly Container[]): readonly Seen[] =>
  wanted.map(service => {
    const container = containers.find(({ service: name }) => name === service.name);
    return { service, container, phase: phaseOf(service, container) };
  });

export const look = async (context: StepContext, wanted: readonly Service[]): Promise<readonly Seen[]> =>
  seeServices(wanted, await projectContainers(context));

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
export function createPhaseReporter(context: StepContext) {
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

/** The service that keeps the others, with the last lines of its log. */
export async function explainStuck(context: StepContext, all: readonly Seen[]): Promise<UserError> {
  const down = all.filter(({ phase }) => !isUp(phase));
  const culprit =
    down.find(({ phase }) => phase === 'unhealthy' || phase === 'exited') ??
    down.find(({ phase }) => phase === 'starting') ??
    down[0];
  if (culprit === undefined) return new UserError('The services did not start.');
  const tail = culprit.container === undefined ? [] : await lastLogLines(context, culprit.container.id);
  const detail = explainPhase(culprit, all);
  return new ExternalError(
    `${culprit.service.name} is ${culprit.phase}${detail === '' ? '' : ` (${detail})`}; ${all.length - down.length} of ${all.length} services are up.`,
    {
      ...(tail.length === 0 ? { hint: 'Its log is empty.' } : { tail: tail.join('\n') }),
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
