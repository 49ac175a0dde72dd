/** What the end of a run means for the caller and for the mode. */

import { type ExitCode, exitCodes } from '../error.ts';
import type { Plan } from '../plan/plan.ts';
import { blockingStep, type RunState } from './reduce-run.ts';

/**
 * The exit code is that of the step that failed; 1 for every run that went back, whatever made it: something was tried
 * and undone, which is no refusal. 130 for a run that somebody stopped.
 */
export function runExitCode(state: RunState): ExitCode {
  if (state.status === 'done') return exitCodes.done;
  if (state.status === 'stopped') return exitCodes.interrupted;
  if (state.abandoned !== undefined) return exitCodes.failed;
  return blockingStep(state)?.error?.exitCode ?? exitCodes.failed;
}

/** False: the way back ends with the services stopped, as they were before. */
export const runsAgain = ({ steps }: Pick<Plan, 'steps'>): boolean =>
  steps.some(({ id }) => id === 'services');
