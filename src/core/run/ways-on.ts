/** How to go on after a run was interrupted. Every step looks first whether it is already true. */

import { type Mode, modeFacts } from '../mode/mode.ts';
import { purposeOf } from './describe-run.ts';
import type { PastRun } from './run-history.ts';

/** `begin-again`: the questions of the set-up once more, where there is no deployment yet to look at. */
export type WayOn = 'continue' | 'go-back' | 'look' | 'begin-again';

/**
 * The ways on from a first set-up that broke off before anything was recorded. What was typed is not in its journal: one
 * that needs it is not continued without asking.
 */
export function listFirstWays({ plan }: PastRun): readonly WayOn[] {
  if (purposeOf(plan) !== 'set-up') return [];
  return modeFacts[plan.mode].homeAssistant === 'container' ? ['continue', 'begin-again'] : ['begin-again'];
}

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

/** Undefined where nobody but the one who asked for it knows whether it is still wanted. */
function continueCommand({ plan }: PastRun): string | undefined {
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
      return undefined;
  }
}

/** How it goes on, in a few words. */
export function describeWayOn(run: PastRun): string {
  const command = continueCommand(run);
  return command === undefined ? 'Ask for it again if it is still wanted.' : `Continue: ${command}`;
}

/** The mode that an interrupted switch can go back to; undefined for every other run. */
export const modeToGoBackTo = ({ plan }: PastRun): Mode | undefined =>
  purposeOf(plan) === 'switch' ? plan.from : undefined;

/** How an interrupted run is continued, and gone back from; every step looks first whether it is true already. */
export function listWaysOn(run: PastRun): readonly string[] {
  const back = modeToGoBackTo(run);
  const command = continueCommand(run);
  return [
    command === undefined ? describeWayOn(run) : `Continue from what is true now: ${command}`,
    ...(back === undefined ? [] : [`Or go back to ${back}: homeiq switch ${back}`]),
  ];
}
