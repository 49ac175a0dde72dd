import type { Container } from '../../ports/engine.ts';
import type { StepContext } from './step.ts';

export const projectContainers = (context: StepContext): Promise<readonly Container[]> =>
  context.ports.engine.containers(context.plan.project, context.signal);

export const findContainer = async (context: StepContext, service: string): Promise<Container | undefined> =>
  (await projectContainers(context)).find(container => container.service === service);
