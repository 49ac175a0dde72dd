/** What to do about what the status shows, where one command mends it. */

import type { Mode } from '../mode/mode.ts';
import { purposeOf } from '../run/describe-run.ts';
import type { PastRun } from '../run/run-history.ts';
import type { StatusState } from './status-state.ts';

/** One line each; empty when nothing of the kind is wrong. */
export function listMends({ services, mode }: Pick<StatusState, 'services' | 'mode'>): readonly string[] {
  return services.some(({ state }) => state.kind === 'wrong-mode')
    ? [`Stop and remove what is not of ${mode} mode: homeiq switch ${mode}`]
    : [];
}

const continueCommand = ({ plan }: PastRun): string => {
  switch (purposeOf(plan)) {
    case 'set-up':
      return `homeiq setup --mode ${plan.mode} --yes`;
    case 'switch':
      return `homeiq switch ${plan.mode}`;
    case 'start':
      return 'homeiq start';
    case 'stop':
      return 'homeiq stop';
    case 'buckets':
      return 'homeiq buckets';
    case 'action':
    case 'settings':
    case 'other':
      return 'homeiq';
  }
};

/** The mode that an interrupted switch can go back to; undefined for every other run. */
export const modeToGoBackTo = ({ plan }: PastRun): Mode | undefined =>
  purposeOf(plan) === 'switch' ? plan.from : undefined;

/** How an interrupted run is continued, and gone back from; every step looks first whether it is true already. */
export function listWaysOn(run: PastRun): readonly string[] {
  const back = modeToGoBackTo(run);
  return [
    `Continue from what is true now: ${continueCommand(run)}`,
    ...(back === undefined ? [] : [`Or go back to ${back}: homeiq switch ${back}`]),
  ];
}
