/** Restarts or starts single services on their containers, as asked on the status screen. */

import { UserError } from '../../core/error.ts';
import type { Plan, StepId } from '../../core/plan/plan.ts';
import type { Container } from '../../ports/engine.ts';
import { projectContainers } from './containers.ts';
import type { Step, StepContext } from './step.ts';

async function targetContainers(context: StepContext): Promise<readonly Container[]> {
  const containers = await projectContainers(context);
  return (context.plan.targets ?? []).map(service => {
    const container = containers.find(({ service: name }) => name === service);
    if (container === undefined) {
      throw new UserError(`${service} has no container.`, {
        hint: 'homeiq setup makes the containers that are missing.',
      });
    }
    return container;
  });
}

type ContainerAction = {
  readonly id: StepId & ('restart' | 'start');
  readonly verb: string;
  readonly past: string;
  readonly isDone: (containers: readonly Container[]) => boolean;
};

const createContainerStep = ({ id, verb, past, isDone }: ContainerAction): Step => ({
  id,
  title: ({ targets = [] }: Plan) => `${verb} ${targets.join(', ')}`,
  check: async context =>
    isDone(await targetContainers(context))
      ? { isDone: true, summary: 'it runs' }
      : { isDone: false, summary: `to be ${past}` },
  act: async context => {
    const containers = await targetContainers(context);
    for (const container of containers) await context.ports.engine[id](container.id, context.signal);
    return `${containers.map(({ service }) => service).join(', ')} ${past}`;
  },
  verify: async context => {
    const down = (await targetContainers(context)).find(({ state }) => state !== 'running');
    if (down === undefined) return;
    throw new UserError(`${down.service} is ${down.state} after it was ${past}.`, {
      nextSteps: [`Look at the log: docker compose logs ${down.service}`],
    });
  },
});

export const restartStep: Step = createContainerStep({
  id: 'restart',
  verb: 'Restart',
  past: 'restarted',
  // A restart is asked for because the service runs: it is never found done.
  isDone: () => false,
});

export const startStep: Step = createContainerStep({
  id: 'start',
  verb: 'Start',
  past: 'started',
  isDone: containers => containers.every(({ state }) => state === 'running'),
});
