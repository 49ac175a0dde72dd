/** Proves what was set up: services healthy, no other mode seen, a point written and read back. */

import { UserError } from '../../core/error.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import type { Container } from '../../ports/engine.ts';
import { type VerifyDataRequest, verifyData, wasDataVerified } from '../buckets/verify-data.ts';
import { projectContainers } from './containers.ts';
import { influxOf } from './influxdb-access.ts';
import { ofOtherMode } from './leave-step.ts';
import { phaseOf, wantedServices } from './service-phases.ts';
import type { Step, StepContext } from './step.ts';

/** Whether a service says by itself that it runs in another mode; undefined when it does not. */
async function otherModeTold(context: StepContext, container: Container): Promise<string | undefined> {
  const { mode } = context.request;
  const { services } = await context.stack();
  const { healthPath = '/health' } = services.find(({ name }) => name === container.service) ?? {};
  const answer = await context.ports.health.ask(container, healthPath, context.signal);
  return answer?.mode !== undefined && answer.mode !== mode
    ? `its ${healthPath} says ${answer.mode}`
    : undefined;
}

/** Exclusivity: nothing of the other mode exists, in whatever state, and nothing that runs says it is of another mode. */
async function refuseOtherMode(context: StepContext, containers: readonly Container[]): Promise<void> {
  const running = containers.filter(({ state }) => state === 'running');
  const told = await Promise.all(running.map(container => otherModeTold(context, container)));
  const [wrong] = [
    ...(await ofOtherMode(context, containers)),
    ...running.flatMap((container, index) => {
      const reason = told[index];
      return reason === undefined ? [] : [{ container, reason }];
    }),
  ];
  if (wrong === undefined) return;
  const { container, reason } = wrong;
  throw new UserError(
    `${container.service ?? container.name} is not of ${context.request.mode} mode: ${reason}.`,
    {
      hint: 'The two modes never run together.',
      nextSteps: [`homeiq switch ${context.request.mode} stops what is of the other mode.`],
    },
  );
}

async function proveServices(context: StepContext): Promise<number> {
  const wanted = await wantedServices(context);
  const containers = await projectContainers(context);
  for (const service of wanted) {
    const container = containers.find(({ service: name }) => name === service.name);
    const phase = phaseOf(service, container);
    if (phase !== 'healthy' && phase !== 'running' && phase !== 'done') {
      throw new UserError(`${service.name} is ${phase}.`, {
        nextSteps: [`Look at the log: docker compose logs ${service.name}`],
      });
    }
  }
  await refuseOtherMode(context, containers);
  return wanted.length;
}

async function dataRequest(context: StepContext): Promise<VerifyDataRequest> {
  const { INFLUXDB_TOKEN: token = '' } = await context.values();
  const facts = modeFacts[context.request.mode];
  return {
    influx: await influxOf(context),
    token,
    org: facts.org,
    bucket: facts.mainBucket,
    clock: context.ports.clock,
    signal: context.signal,
  };
}

const summarise = (context: StepContext, count: number): string =>
  `${count} services healthy, a point written to and read from ${modeFacts[context.request.mode].mainBucket}`;

export const verifyStep: Step = {
  id: 'verify',
  title: () => 'Verify',
  // Writes nothing: a point of an earlier proof that can still be read is as good as a new one.
  check: async context => {
    try {
      const count = await proveServices(context);
      const isDone = await wasDataVerified(await dataRequest(context));
      return { isDone, summary: isDone ? summarise(context, count) : 'no point was written yet' };
    } catch {
      context.signal.throwIfAborted();
      return { isDone: false, summary: 'not proven yet' };
    }
  },
  act: async context => {
    const count = await proveServices(context);
    await verifyData(await dataRequest(context));
    return summarise(context, count);
  },
  // The action is the proof.
  verify: async () => {},
};
