/** Makes single services anew from their settings and images as they are now. Volumes stay. */

import { UserError } from '../../core/error.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { Container } from '../../ports/engine.ts';
import { projectContainers } from './containers.ts';
import type { Step, StepContext } from './step.ts';

const targetsOf = ({ targets = [] }: Plan): readonly string[] => targets;

/** A one-shot that ended well has done its work. */
const isUp = ({ state, exitCode }: Container): boolean =>
  state === 'running' || (state === 'exited' && exitCode === 0);

async function refuseDown(context: StepContext): Promise<void> {
  const containers = await projectContainers(context);
  for (const service of targetsOf(context.plan)) {
    const container = containers.find(({ service: name }) => name === service);
    if (container !== undefined && isUp(container)) continue;
    throw new UserError(
      container === undefined
        ? `${service} has no container after it was recreated.`
        : `${service} is ${container.state} after it was recreated.`,
      { nextSteps: [`Look at the log: docker compose logs ${service}`] },
    );
  }
}

export const recreateStep: Step = {
  id: 'recreate',
  title: plan => `Recreate ${targetsOf(plan).join(', ')}`,
  // It is asked for because the containers are not to stay: it is never found done.
  check: async () => ({ isDone: false, summary: 'to be recreated' }),
  act: async context => {
    const services = targetsOf(context.plan);
    await context.ports.compose.recreate(context.target, services, {
      signal: context.signal,
      onProgress: progress => context.detail(progress.text),
    });
    return `${services.join(', ')} recreated; volumes stay`;
  },
  verify: refuseDown,
};
