/** How to go on after a run was interrupted. Every step looks first whether it is already true. */

import type { Mode } from '../mode/mode.ts';
import { purposeOf } from './describe-run.ts';
import type { PastRun } from './run-history.ts';

export type WayOn = 'continue' | 'go-back' | 'look';

/** The ways on from an interrupted run, the expected one first; empty for a run that nobody has to continue. */
export function listWays(run: PastRun): readonly WayOn[] {
  switch (purposeOf(run.plan)) {
    case 'set-up':
    case 'start':
      return ['continue', 'look'];
    case 'stop':
      // Data is deleted when it is named, not when somebody goes on.
      return run.plan.deleteData === undefined ? ['continue', 'look'] : [];
    case 'switch':
      return modeToGoBackTo(run) === undefined ? ['continue', 'look'] : ['continue', 'go-back', 'look'];
    case 'action':
    case 'buckets':
    case 'settings':
    case 'other':
      return [];
  }
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
