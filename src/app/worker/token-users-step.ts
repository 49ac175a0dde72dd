/** Running services that still hold a replaced token are recreated; the others, and what is stopped, stay as they are. */

import { UserError } from '../../core/error.ts';
import { findOutdatedServices } from '../buckets/outdated-services.ts';
import { refuseUnsoundStack } from './audit-step.ts';
import { projectContainers } from './containers.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

async function outdatedServices(context: StepContext): Promise<readonly string[]> {
  const { INFLUXDB_TOKEN: token } = await context.values();
  return findOutdatedServices(await projectContainers(context), context.request.mode, token);
}

/** The services with all that they wait for and that runs: naming those too keeps Compose from recreating them later. */
async function withDependencies(
  context: StepContext,
  services: readonly string[],
): Promise<readonly string[]> {
  const stack = await context.stack();
  const running = new Set(
    (await projectContainers(context))
      .filter(({ state }) => state === 'running')
      .map(({ service }) => service),
  );
  const all = new Set(services);
  for (const name of all) {
    const service = stack.services.find(each => each.name === name);
    for (const other of service?.dependsOn ?? []) if (running.has(other)) all.add(other);
  }
  return [...all];
}

const check: Step['check'] = async context => {
  const services = await outdatedServices(context);
  return services.length === 0
    ? { isDone: true, summary: 'no service holds an old token' }
    : { isDone: false, summary: `to be recreated: ${services.join(', ')}` };
};

export const tokenUsersStep: Step = {
  id: 'token-users',
  title: () => 'Services use the token',
  check,
  act: async context => {
    const services = await outdatedServices(context);
    // What gave them another token may be an override, which would give it to them again.
    await refuseUnsoundStack(context);
    await context.ports.compose.up(context.target, await withDependencies(context, services), {
      signal: context.signal,
      onProgress: progress => context.detail(progress.text),
    });
    return `recreated with the new token: ${services.join(', ')}`;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the restart some are still ${summary}.`)),
};
