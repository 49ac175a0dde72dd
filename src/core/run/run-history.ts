/** What became of a run, read from its journal: the history, and what was interrupted. */

import type { ErrorReport } from '../error.ts';
import type { Plan } from '../plan/plan.ts';
import { describeRun } from './describe-run.ts';
import type { RunEvent } from './journal-event.ts';
import { blockingStep, initialRunState, type RunState, reduceRun } from './reduce-run.ts';

export type RunEnd =
  | { readonly kind: 'done'; readonly changed: boolean }
  | {
      readonly kind: 'failed' | 'rolled-back';
      readonly step: string;
      readonly error: ErrorReport | undefined;
    }
  /** By the operator. */
  | { readonly kind: 'stopped'; readonly step: string | undefined }
  /** Its worker died: a power cut, a reboot, or somebody ended it. `step` is what it was at. */
  | { readonly kind: 'interrupted'; readonly step: string | undefined }
  | { readonly kind: 'running'; readonly step: string | undefined };

export type PastRun = {
  readonly runId: string;
  /** What it did, in words. */
  readonly what: string;
  readonly plan: Plan;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Of the last thing that was heard of it. */
  readonly lastAt: string;
  readonly end: RunEnd;
  /** Never negative, whatever the clock of the machine did meanwhile. */
  readonly durationMs: number;
};

function endOf(state: RunState, isAtWork: boolean): RunEnd {
  const step = blockingStep(state)?.title;
  switch (state.status) {
    case 'done':
      return { kind: 'done', changed: state.changed !== false };
    case 'failed':
    case 'rolled-back':
      return { kind: state.status, step: step ?? 'the start', error: blockingStep(state)?.error };
    case 'stopped':
      return { kind: 'stopped', step };
    case 'starting':
    case 'running':
    case 'lost':
      return { kind: isAtWork ? 'running' : 'interrupted', step };
  }
}

function durationOf(state: RunState, startedAt: string, lastAt: string): number {
  const betweenMs = Date.parse(lastAt) - Date.parse(startedAt);
  if (betweenMs >= 0) return betweenMs;
  // The clock was set back during the run: what its steps took is the best that is known.
  return [...(state.abandoned?.steps ?? []), ...state.steps].reduce(
    (sum, { durationMs = 0 }) => sum + Math.max(0, durationMs),
    0,
  );
}

/** Undefined for a journal that does not say what its run was to do. `isAtWork`: its worker lives and holds the lock. */
export function recallRun(
  runId: string,
  events: readonly RunEvent[],
  isAtWork: boolean,
): PastRun | undefined {
  const first = events.find(event => event.kind === 'run-started');
  const last = events.at(-1);
  if (first?.kind !== 'run-started' || last === undefined) return undefined;
  const state = events.reduce(reduceRun, initialRunState);
  return {
    runId,
    what: describeRun(first.plan),
    plan: first.plan,
    startedAt: first.at,
    lastAt: last.at,
    end: endOf(state, isAtWork),
    durationMs: durationOf(state, first.at, last.at),
  };
}

/** What was interrupted, and at which step; without a full stop. */
export function describeInterrupted({ what, end }: Pick<PastRun, 'what' | 'end'>): string {
  const step = 'step' in end && end.step !== undefined ? ` at ${end.step}` : '';
  return `Interrupted: ${what}${step}`;
}

/** In words, without a full stop: `done`, `done, nothing had to be changed`, `failed at Services`. */
export function describeEnd(end: RunEnd): string {
  const at = (step: string | undefined): string => (step === undefined ? '' : ` at ${step}`);
  switch (end.kind) {
    case 'done':
      return end.changed ? 'done' : 'done, nothing had to be changed';
    case 'failed':
      return `failed${at(end.step)}`;
    case 'rolled-back':
      return `failed${at(end.step)}, went back`;
    case 'stopped':
      return `stopped by you${at(end.step)}`;
    case 'interrupted':
      return `interrupted${at(end.step)}`;
    case 'running':
      return `at work${at(end.step)}`;
  }
}
