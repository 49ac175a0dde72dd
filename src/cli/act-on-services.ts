/** What is asked for on the status screen: runs of the worker like any other. */

import type { Monitor } from '../app/monitor/monitor.ts';
import { UserError } from '../core/error.ts';
import { initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import type { Session } from './session.ts';

/**
 * Resolves when the run of the action is over; throws what its step said when it failed. Its code is loaded when it is
 * first needed: the first figures do not wait for it.
 */
export function createAct(
  openSession: () => Promise<Session>,
  signal: AbortSignal,
): NonNullable<Monitor['act']> {
  return async command => {
    const [{ ports, drafting }, { startAction }, { followRun }] = await Promise.all([
      openSession(),
      import('../app/setup/plan-action.ts'),
      import('../app/setup/start-run.ts'),
    ]);
    const runId = await startAction(ports, drafting, command);
    let state = initialRunState;
    for await (const event of followRun(ports, runId, signal)) state = reduceRun(state, event);
    const failed = state.steps.find(({ error }) => error !== undefined)?.error;
    if (failed !== undefined) throw new UserError(failed.message, { nextSteps: failed.nextSteps });
  };
}
