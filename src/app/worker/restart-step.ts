/** Restarts or starts single services, as asked on the status screen. */

import { UserError } from '../../core/error.ts';
import { projectContainers } from './containers.ts';
import type { Step, StepContext } from './step.ts';

async function targetContainers(context: StepContext) {
  const targets = context.plan.targets ?? [];
  const containers = await projectContainers(context);
  return targets.map(service => {
    const container = containers.find(({ service: name }) => name === service);
    if (container === undefined) {
      throw new UserError(`${service} has no container to restart.`, {
        hint: 'homeiq setup makes the containers that are missing.',
      });
    }
    return container;
  });
}

export const restartStep: Step = {
  id: 'restart',
  title: ({ targets = [] }) => `Restart ${targets.join(', ')}`,
  // A restart is asked for because the service runs: there is nothing to find done.
  check: async () => ({ isDone: false, summary: 'to be restarted' }),
  act: async context => {
    const containers = await targetContainers(context);
    for (const container of containers) await context.ports.engine.restart(container.id, context.signal);
    return `${containers.length} restarted`;
  },
  verify: async context => {
    const down = (await targetContainers(context)).find(({ state }) => state !== 'running');
    if (down !== undefined) {
      throw new UserError(`${down.service} is ${down.state} after the restart.`, {
        nextSteps: [`Look at the log: docker compose logs ${down.service}`],
      });
    }
  },
};
