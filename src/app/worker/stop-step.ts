/** Stops the services of this deployment by name. Containers and volumes stay. */

import { UserError } from '../../core/error.ts';
import { projectContainers } from './containers.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

async function runningServices(context: StepContext): Promise<readonly string[]> {
  const containers = await projectContainers(context);
  const targets = context.plan.targets;
  return containers
    .filter(({ state }) => state === 'running' || state === 'restarting' || state === 'paused')
    .map(({ service }) => service)
    .filter(service => service !== undefined)
    .filter(service => targets === undefined || targets.includes(service));
}

const check: Step['check'] = async context => {
  const running = await runningServices(context);
  return running.length === 0
    ? { isDone: true, summary: 'nothing runs' }
    : { isDone: false, summary: `${running.length} still running: ${running.join(', ')}` };
};

export const stopStep: Step = {
  id: 'stop',
  title: ({ targets }) => (targets === undefined ? 'Stop the services' : `Stop ${targets.join(', ')}`),
  check,
  act: async context => {
    const running = await runningServices(context);
    await context.ports.compose.stop(context.target, running, {
      signal: context.signal,
      onProgress: progress => context.detail(progress.text),
    });
    return `${running.length} stopped; containers and volumes stay`;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the stop ${summary}.`)),
};
