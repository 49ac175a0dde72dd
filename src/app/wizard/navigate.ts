/** From step to step, forth and back. */

import { correctedAddress } from '../../core/home-assistant/finding.ts';
import { homeAssistantKeys } from '../../core/home-assistant/keys.ts';
import { withSettings } from './current-settings.ts';
import { homeAssistantObstacle } from './reduce-home-assistant.ts';
import { needsConsent } from './reduce-memory.ts';
import { isRunActive, leavingExitCode, retryRun, startRun } from './reduce-run-screen.ts';
import { commitEditing, firstProblem, settleSelection, startEditing } from './reduce-settings.ts';
import {
  type CheckValue,
  type Dialog,
  type DialogAnswer,
  redraft,
  type Step,
  stay,
  type WizardState,
  type WizardStep,
} from './wizard-state.ts';

const goTo = (state: WizardState, step: WizardStep): WizardState => ({
  ...state,
  step,
  scroll: 0,
  panel: undefined,
  isContinuing: false,
});

export const quit = (state: WizardState): WizardState => ({
  ...state,
  ending: { kind: 'quit', code: leavingExitCode(state.run) },
});

export const ask = (
  state: WizardState,
  kind: Dialog['kind'],
  answers: readonly DialogAnswer[],
): WizardState => ({
  ...state,
  dialog: { kind, answers, selected: 0 },
});

/** The settings, with the first field that needs a value open. */
export function enterSettings(state: WizardState): WizardState {
  const settled = settleSelection(goTo(state, 'settings'));
  const problem = firstProblem(settled);
  return problem === undefined ? settled : startEditing(settled, problem.field.key);
}

/** A switch begins where something is to be decided, else at its review. */
export function arrive(before: WizardState): WizardState {
  const state = { ...before, isArriving: false };
  if (needsConsent(state)) return askAboutMemory(goTo(state, 'memory'));
  return firstProblem(state) === undefined ? state : enterSettings(state);
}

const toStatus = (state: WizardState): WizardState => ({ ...state, ending: { kind: 'status' } });

function continueFromMemory(state: WizardState): WizardState {
  if (state.draft.error !== undefined) return state;
  if (state.draft.isPending) return { ...state, isContinuing: true };
  if (needsConsent(state)) return askAboutMemory(state);
  return enterSettings(state);
}

function askAboutMemory(state: WizardState): WizardState {
  const hasSuggestions = (state.draft.value?.plan.memory.suggestions.length ?? 0) > 0;
  return ask({ ...state, isContinuing: false }, 'does-not-fit', [
    ...(hasSuggestions ? (['take-suggestions'] as const) : []),
    'cancel',
    'accept-risk',
  ]);
}

/** Opens the field of a setting, wherever it stands among the settings. */
export const openSetting = (state: WizardState, key: string): WizardState =>
  startEditing(withSettings(state, { search: '', showAdvanced: true, selected: key }), key);

/** Home Assistant must answer first, or the operator must say that it goes on without. */
function continueFromSettings(state: WizardState): WizardState {
  if (state.draft.error !== undefined) return state;
  if (state.draft.isPending) return { ...state, isContinuing: true };
  const problem = firstProblem(state);
  const obstacle = homeAssistantObstacle(state);
  if (problem !== undefined && !(obstacle === 'missing' && isHomeAssistantKey(problem.field.key))) {
    return openSetting(state, problem.field.key);
  }
  switch (obstacle) {
    case undefined:
      return goTo(state, 'review');
    case 'checking':
      return { ...state, isContinuing: true };
    case 'missing':
      return ask({ ...state, isContinuing: false }, 'home-assistant', ['cancel', 'skip-home-assistant']);
    case 'finding': {
      const { finding } = state.homeAssistant;
      const isCorrectable = finding !== undefined && correctedAddress(finding) !== undefined;
      return ask({ ...state, isContinuing: false }, 'home-assistant', [
        ...(isCorrectable ? (['take-correction'] as const) : []),
        'cancel',
        'check-again',
        'skip-home-assistant',
      ]);
    }
  }
}

const isHomeAssistantKey = (key: string): boolean =>
  key === homeAssistantKeys.address || key === homeAssistantKeys.token;

function continueFromReview(state: WizardState): Step {
  // Never on the strength of an old draft: what is done must be what is shown.
  if (state.draft.isPending || state.draft.error !== undefined) return stay(state);
  if (needsConsent(state)) return stay(askAboutMemory(goTo(state, 'memory')));
  const obstacle = homeAssistantObstacle(state);
  if (obstacle === 'checking' && firstProblem(state) === undefined) {
    return stay({ ...state, isContinuing: true, notice: 'Waiting for the answer of Home Assistant.' });
  }
  if (firstProblem(state) !== undefined || obstacle !== undefined) {
    return stay(enterSettings(state));
  }
  if (state.draft.value?.cloneOffer !== undefined && !state.choices.fetchSource) {
    return stay(ask(state, 'clone', ['fetch-source', 'cancel']));
  }
  return startRun(state);
}

function continueFromRun(state: WizardState): Step {
  if (isRunActive(state.run)) return stay(state);
  const status = state.run?.state.status;
  if (status === 'done' || status === 'rolled-back') return stay(toStatus(state));
  return retryRun(state);
}

export function goOn(state: WizardState, check: CheckValue): Step {
  switch (state.step) {
    case 'machine':
      if (state.machine.kind !== 'checked') return stay({ ...state, isContinuing: true });
      return stay(state.machine.report.canContinue ? goTo(state, 'mode') : state);
    case 'mode':
      return stay(goTo({ ...state, isModeChosen: true }, 'memory'));
    case 'memory':
      return stay(continueFromMemory(state));
    case 'settings':
      if (state.settings.isSearching) return stay(withSettings(state, { isSearching: false }));
      if (state.settings.editing !== undefined) return commitEditing(state, check, 'next-problem');
      return stay(continueFromSettings(state));
    case 'review':
      return state.panel === undefined
        ? continueFromReview(state)
        : stay({ ...state, panel: undefined, scroll: 0 });
    case 'run':
      return continueFromRun(state);
  }
}

export function goBack(state: WizardState): Step {
  switch (state.step) {
    case 'machine':
      return stay(state.showDetails ? { ...state, showDetails: false, scroll: 0 } : state);
    case 'mode':
      return stay(goTo(state, 'machine'));
    case 'memory':
      return stay(state.isSwitch ? toStatus(state) : goTo(state, 'mode'));
    case 'settings':
      if (state.settings.editing !== undefined) return stay(withSettings(state, { editing: undefined }));
      if (state.settings.isSearching || state.settings.search !== '') {
        return stay(settleSelection(withSettings(state, { isSearching: false, search: '' })));
      }
      return stay(goTo(state, 'memory'));
    case 'review':
      if (state.panel !== undefined) return stay({ ...state, panel: undefined, scroll: 0 });
      return stay(state.isSwitch ? toStatus(state) : settleSelection(goTo(state, 'settings')));
    case 'run':
      return goBackFromRun(state);
  }
}

/** From a run that failed or never began, back to the review of what would be done now. */
function goBackFromRun(state: WizardState): Step {
  if (state.run?.showLog || state.run?.serviceLog !== undefined) {
    return stay({ ...state, run: { ...state.run, showLog: false, serviceLog: undefined }, scroll: 0 });
  }
  const status = state.run?.state.status;
  const isSettled = status === 'done' || status === 'rolled-back';
  const hasReview = state.isSwitch || state.machine.kind === 'checked';
  if (isRunActive(state.run) || isSettled || !hasReview) return stay(state);
  return redraft({ ...goTo(state, 'review'), run: undefined });
}
