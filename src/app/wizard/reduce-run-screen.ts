/** The screen of the run: starting it, reading its journal, and what Ctrl+C asks. */

import { type ErrorReport, type ExitCode, exitCodes } from '../../core/error.ts';
import { blockingService, modeToGoBackTo } from '../../core/run/blocking-service.ts';
import { initialRunState, isRunOver, markRunLost, reduceRun } from '../../core/run/reduce-run.ts';
import { runExitCode } from '../../core/run/run-ending.ts';
import type { WizardResult } from './wizard-state.ts';
import { type RunScreenState, redraft, type Step, stay, type WizardState } from './wizard-state.ts';

const freshRun = (kind: RunScreenState['kind']): RunScreenState => ({
  kind,
  runId: undefined,
  state: initialRunState,
  error: undefined,
  isStopAsked: false,
  showLog: false,
  serviceLog: undefined,
});

/** Hands the draft over; the draft must be there and up to date. */
export function startRun(state: WizardState): Step {
  const draft = state.draft.value;
  if (draft === undefined) return stay(state);
  // A consent to delete is for the run that it was given for.
  const { deleteData: _given, ...choices } = state.choices;
  return {
    state: { ...state, choices, step: 'run', run: freshRun('starting'), dialog: undefined, scroll: 0 },
    effects: [{ kind: 'start-run', draft, mode: state.choices.mode }],
  };
}

/** Looks at the machine anew and starts again from what is true now. */
export const retryRun = (state: WizardState): Step =>
  redraft({ ...state, step: 'run', run: freshRun('preparing'), dialog: undefined, scroll: 0 });

/** A switch with the mode that was left as its target. */
export function switchBack(state: WizardState): Step {
  const mode = state.run === undefined ? undefined : modeToGoBackTo(state.run.state);
  if (mode === undefined) return stay(state);
  const choices = { ...state.choices, mode, answers: {}, leftOut: undefined };
  return retryRun({ ...state, choices, activeMode: state.choices.mode });
}

/** The steps, then the log of the service that blocks the others when one does, then what was said. */
export function toggleLog(state: WizardState): Step {
  const { run } = state;
  if (run === undefined) return stay(state);
  const show = (change: Partial<RunScreenState>): WizardState => ({
    ...state,
    run: { ...run, showLog: false, serviceLog: undefined, ...change },
    scroll: 0,
  });
  if (run.showLog) return stay(show({}));
  const service = run.serviceLog === undefined ? blockingService(run.state) : undefined;
  if (service === undefined) return stay(show({ showLog: true }));
  return {
    state: show({ serviceLog: { service, lines: undefined } }),
    effects: [{ kind: 'read-log', service }],
  };
}

/** Reads a run that somebody started: this wizard before its connection broke, or another one. */
export const attachRun = (state: WizardState, runId: string): Step => ({
  state: { ...state, step: 'run', isModeChosen: true, run: { ...freshRun('following'), runId } },
  effects: [{ kind: 'follow', runId }],
});

export const isRunActive = (run: RunScreenState | undefined): boolean =>
  run !== undefined && run.kind !== 'not-started' && !isRunOver(run.state);

/** The exit code that leaving now would mean. */
export function leavingExitCode(run: RunScreenState | undefined): ExitCode {
  if (run === undefined) return exitCodes.interrupted;
  return run.kind === 'not-started' ? (run.error?.exitCode ?? exitCodes.failed) : runExitCode(run.state);
}

const refuseRun = (state: WizardState, error: ErrorReport): WizardState => ({
  ...state,
  run: { ...freshRun('not-started'), error },
});

/** Folds what is heard of the run into the screen. */
export function applyRunResult(
  state: WizardState,
  result: Extract<
    WizardResult,
    { kind: 'run-created' | 'run-refused' | 'run-event' | 'run-lost' | 'log-read' | 'stop-failed' }
  >,
): Step {
  const { run } = state;
  if (run === undefined) return stay(state);
  switch (result.kind) {
    case 'run-created':
      return {
        state: { ...state, run: { ...run, kind: 'following', runId: result.runId } },
        effects: [
          { kind: 'follow', runId: result.runId },
          ...(run.isStopAsked ? [{ kind: 'stop-run' } as const] : []),
        ],
      };
    case 'run-refused':
      return stay(refuseRun(state, result.error));
    case 'run-event': {
      const next = reduceRun(run.state, result.event);
      const mode = next.plan?.mode ?? state.choices.mode;
      return stay(
        closeDialogWhenOver({ ...state, choices: { ...state.choices, mode }, run: { ...run, state: next } }),
      );
    }
    case 'run-lost':
      return stay(
        closeDialogWhenOver({
          ...state,
          run: { ...run, state: markRunLost(run.state), error: result.error },
        }),
      );
    case 'log-read': {
      const { service, lines } = result;
      if (run.serviceLog?.service !== service) return stay(state);
      return stay({ ...state, run: { ...run, serviceLog: { service, lines } } });
    }
    case 'stop-failed':
      return stay({ ...state, notice: result.error.message, run: { ...run, isStopAsked: false } });
  }
}

/** Nothing is left to stop: the question has answered itself. */
const closeDialogWhenOver = (state: WizardState): WizardState =>
  state.dialog?.kind === 'interrupt' && !isRunActive(state.run) ? { ...state, dialog: undefined } : state;

/** Asks the worker to stop after what it does now. Before the worker exists, the wish is kept. */
export function askToStop(state: WizardState): Step {
  const { run } = state;
  if (run === undefined || !isRunActive(run)) return stay({ ...state, dialog: undefined });
  const next = { ...state, dialog: undefined, run: { ...run, isStopAsked: true } };
  return run.kind === 'following' ? { state: next, effects: [{ kind: 'stop-run' }] } : stay(next);
}
