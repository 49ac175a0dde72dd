/** Ends the mode that is left: whatever carries it in this project is stopped and removed before anything else starts. */

import { exitCodes, reportError, UserError } from '../../core/error.ts';
import { describeOtherMode } from '../../core/isolation/other-mode.ts';
import type { Container } from '../../ports/engine.ts';
import { projectContainers } from './containers.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

/**
 * Those of the project's containers that are not the run's mode's, in any state, with why. Neutral ones are not among
 * them.
 */
export async function ofOtherMode(
  context: StepContext,
  containers: readonly Container[],
): Promise<readonly { readonly container: Container; readonly reason: string }[]> {
  const stack = await context.stack();
  return containers.flatMap(container => {
    const reason = describeOtherMode(container, stack, context.request.mode);
    return reason === undefined ? [] : [{ container, reason }];
  });
}

const nameOf = ({ service, name }: Container): string => service ?? name;

const check: Step['check'] = async context => {
  const left = await ofOtherMode(context, await projectContainers(context));
  return left.length === 0
    ? { isDone: true, summary: 'no container of another mode is there' }
    : {
        isDone: false,
        summary: `${left.length} of another mode: ${left.map(({ container }) => nameOf(container)).join(', ')}`,
      };
};

/**
 * All at once, each with its own time to end: none of them has to outlive another, and InfluxDB, which they write to,
 * stays. A stopped container is removed too: `restart: always` would bring it back with the engine, and Compose 2.26
 * makes the neutral services that wait for it anew when it recreates one.
 */
async function end(context: StepContext, container: Container): Promise<void> {
  const { engine } = context.ports;
  const { signal } = context;
  if (container.state === 'running' || container.state === 'restarting' || container.state === 'paused') {
    await engine.stop(container.id, signal);
    context.detail(`${nameOf(container)} stopped`);
  }
  await engine.remove(container.id, signal);
}

export const leaveStep: Step = {
  id: 'leave',
  title: ({ from }) => (from === undefined ? 'Nothing of another mode' : `Leave ${from}`),
  check,
  act: async context => {
    const left = await ofOtherMode(context, await projectContainers(context));
    const names = left.map(({ container }) => nameOf(container));
    // Asked while there is nothing to do but wait: the services step needs both next. It tells a failure, too.
    void context.hashes().catch(() => undefined);
    void context.ports.compose.version(context.signal).catch(() => undefined);
    context.detail(`stopping ${names.length}: ${names.join(', ')}`);
    const endings = await Promise.allSettled(left.map(({ container }) => end(context, container)));
    context.signal.throwIfAborted();
    const failures = endings.flatMap((ending, index) =>
      ending.status === 'rejected' ? [`${names[index]}: ${reportError(ending.reason).message}`] : [],
    );
    if (failures.length > 0) {
      throw new UserError(`Not everything of the other mode could be stopped. ${failures.join('; ')}`, {
        hint: 'The two modes never run together: nothing of the wanted one is started before.',
        nextSteps: ['Look at it: docker ps', 'Then run the same command again.'],
        exitCode: exitCodes.refused,
      });
    }
    return `${left.length} stopped and removed; their data stays`;
  },
  verify: verifyByCheck(
    { check },
    summary =>
      new UserError(`After the stop there are still ${summary}.`, {
        hint: 'Something starts them again: the two modes never run together.',
        exitCode: exitCodes.refused,
      }),
  ),
};
