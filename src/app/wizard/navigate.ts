/** From step to step, forth and back. */

import { correctedAddress } from '../../core/home-assistant/finding.ts';
import { homeAssistantKeys } from '../../core/home-assistant/keys.ts';
import { withSettings } from './current-settings.ts';
import { homeAssistantObstacle } from './reduce-home-assistant.ts';
import { needsConsent } from './reduce-memory.ts';
import { isRunActive, retryRun, runExitCode, startRun } from './reduce-run-screen.ts';
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
  ending: { kind: 'quit', code: runExitCode(state.run) },
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
  if (firstProblem(state) !== undefined || homeAssistantObstacle(state) !== undefined) {
    return stay(enterSettings(state));
  }
  if (state.draft.value?.cloneOffer !== undefined && !state.choices.fetchSource) {
    return stay(ask(state, 'clone', ['fetch-source', 'cancel']));
  }
  return startRun(state);
}

function continueFromRun(state: WizardState): Step {
  if (isRunActive(state.run)) return stay(state);
  if (state.run?.state.status === 'done') return stay({ ...state, ending: { kind: 'status' } });
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
      return stay(goTo(state, 'mode'));
    case 'settings':
      if (state.settings.editing !== undefined) return stay(withSettings(state, { editing: undefined }));
      if (state.settings.isSearching || state.settings.search !== '') {
        return stay(settleSelection(withSettings(state, { isSearching: false, search: '' })));
      }
      return stay(goTo(state, 'memory'));
    case 'review':
      return stay(
        state.panel === undefined
          ? settleSelection(goTo(state, 'settings'))
          : { ...state, panel: undefined, scroll: 0 },
      );
    case 'run':
      return goBackFromRun(state);
  }
}

/** From a run that failed or never began, back to the review of what would be done now. */
function goBackFromRun(state: WizardState): Step {
  if (state.run?.showLog) return stay({ ...state, run: { ...state.run, showLog: false }, scroll: 0 });
  const isDone = state.run?.state.status === 'done';
  if (isRunActive(state.run) || isDone || state.machine.kind !== 'checked') return stay(state);
  return redraft({ ...goTo(state, 'review'), run: undefined });
}
