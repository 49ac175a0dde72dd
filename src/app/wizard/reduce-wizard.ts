/** What each key and each answer of an effect does to the wizard. Pure: effects come back as data. */

import { modes } from '../../core/mode/mode.ts';
import { withSettings } from './current-settings.ts';
import { arrive, enterSettings, goBack, goOn } from './navigate.ts';
import { askToDelete, interrupt, reduceDialog } from './reduce-dialog.ts';
import { followHomeAssistant, takeCorrection, takeFinding } from './reduce-home-assistant.ts';
import { moveInMemory, openGroup, selectMemoryRow, toggleLeftOut } from './reduce-memory.ts';
import { applyRunResult, startRun, switchBack, toggleLog } from './reduce-run-screen.ts';
import {
  applyPaste,
  applyTextEdit,
  commitEditing,
  exchangeAnswers,
  forgetAnswer,
  moveChoice,
  moveInSettings,
  selectSetting,
  settleSelection,
  startEditing,
} from './reduce-settings.ts';
import {
  type CheckValue,
  redraft,
  type Step,
  stay,
  type WizardIntent,
  type WizardResult,
  type WizardState,
  within,
} from './wizard-state.ts';

function chooseMode(state: WizardState, index: number): Step {
  const mode = modes[within(index, modes.length)] ?? state.choices.mode;
  if (mode === state.choices.mode) return stay(state);
  const { answers, setAside } = exchangeAnswers(state);
  return redraft({
    ...state,
    choices: { ...state.choices, answers, mode, leftOut: undefined, acceptMemoryRisk: false },
    setAside,
    memory: { openGroups: [], selected: undefined },
    settings: { ...state.settings, selected: undefined, search: '', showAdvanced: false },
  });
}

/** A log is read from its end: one up is one line further from it. */
function scrolled(state: WizardState, by: number): number {
  const { run } = state;
  const lines = run?.showLog === true ? run.state.log : run?.serviceLog?.lines;
  if (lines !== undefined) return Math.max(0, Math.min(lines.length - 1, state.scroll - by));
  return Math.max(0, state.scroll + by);
}

function move(state: WizardState, by: number): Step {
  switch (state.step) {
    case 'mode':
      return chooseMode(state, modes.indexOf(state.choices.mode) + by);
    case 'memory':
      return stay(moveInMemory(state, by));
    case 'settings':
      if (state.settings.editing?.choice !== undefined) return stay(moveChoice(state, index => index + by));
      return stay(moveInSettings(state, by));
    default:
      return stay({ ...state, scroll: scrolled(state, by) });
  }
}

function select(state: WizardState, index: number): Step {
  switch (state.step) {
    case 'mode':
      return chooseMode(state, index);
    case 'memory':
      return stay(selectMemoryRow(state, index));
    case 'settings':
      if (state.settings.editing?.choice !== undefined) return stay(moveChoice(state, () => index));
      return stay(selectSetting(state, index));
    default:
      return stay(state);
  }
}

/** The state after an intent, and the effects to run. */
export const reduceIntent = (state: WizardState, intent: WizardIntent, check: CheckValue): Step =>
  followHomeAssistant(applyIntent(state, intent, check));

function applyIntent(before: WizardState, intent: WizardIntent, check: CheckValue): Step {
  // Whoever does something else among the settings no longer waits for the way on.
  const isContinuing = before.isContinuing && before.step !== 'settings' && before.step !== 'review';
  const state = { ...before, notice: undefined, isContinuing };
  if (state.ending !== undefined) return stay(before);
  if (state.dialog !== undefined) return reduceDialog(state, state.dialog, intent, check);
  switch (intent.kind) {
    case 'continue':
      return goOn(state, check);
    case 'back':
      return goBack(state);
    case 'quit':
    case 'interrupt':
      return interrupt(state);
    case 'move':
      return move(state, intent.by);
    case 'select':
      return select(state, intent.index);
    case 'check-again':
      return checkAgain(state);
    case 'toggle-details':
      return stay({ ...state, showDetails: !state.showDetails, scroll: 0 });
    case 'rehearse':
      return stay({ ...state, ending: { kind: 'rehearse' } });
    case 'open':
    case 'close':
      return stay(openGroup(state, intent.kind === 'open'));
    case 'toggle-left-out':
      return toggleLeftOut(state);
    case 'toggle-advanced':
      return stay(settleSelection(withSettings(state, { showAdvanced: !state.settings.showAdvanced })));
    case 'search':
      return stay(withSettings(state, { isSearching: true }));
    case 'edit':
      return stay(startEditing(state, state.settings.selected));
    case 'edit-next':
    case 'edit-previous':
      return commitEditing(state, check, intent.kind === 'edit-next' ? 'next' : 'previous');
    case 'reveal':
      return stay(withSettings(state, { isRevealed: !state.settings.isRevealed }));
    case 'use-default':
      return forgetAnswer(state);
    case 'edit-text':
      return stay(applyTextEdit(state, intent.edit, check));
    case 'paste':
      return stay(applyPaste(state, intent, check));
    case 'keep-typed':
      return commitEditing(state, check, 'next-problem', true);
    case 'take-correction':
      return takeCorrection(state);
    case 'delete-data':
      return askToDelete(state);
    case 'toggle-env':
    case 'toggle-commands': {
      const panel = intent.kind === 'toggle-env' ? 'env' : 'commands';
      return stay({ ...state, panel: state.panel === panel ? undefined : panel, scroll: 0 });
    }
    case 'toggle-log':
      return toggleLog(state);
    case 'change-settings':
      return stay(enterSettings(state));
    case 'switch-back':
      return switchBack(state);
  }
}

function checkAgain(state: WizardState): Step {
  if (state.step !== 'machine') return state.draft.error === undefined ? stay(state) : redraft(state);
  if (state.machine.kind === 'checking') return stay(state);
  return {
    state: { ...state, machine: { kind: 'checking' }, isContinuing: false },
    effects: [{ kind: 'check-machine' }, { kind: 'load-offers' }],
  };
}

/** The state after an effect has reported, and the effects to run. */
export const reduceResult = (state: WizardState, result: WizardResult, check: CheckValue): Step =>
  followHomeAssistant(applyResult(state, result, check));

function applyResult(state: WizardState, result: WizardResult, check: CheckValue): Step {
  switch (result.kind) {
    case 'machine-checked': {
      const checked: WizardState = { ...state, machine: { kind: 'checked', report: result.report } };
      const step = result.report.canContinue ? redraft(checked) : stay(checked);
      if (!state.isContinuing || state.step !== 'machine') return step;
      const onward = goOn({ ...step.state, isContinuing: false }, check);
      return { state: onward.state, effects: [...step.effects, ...onward.effects] };
    }
    case 'machine-failed':
      return stay({ ...state, machine: { kind: 'failed', error: result.error }, isContinuing: false });
    case 'offers-loaded':
      return stay({ ...state, offers: result.offers });
    case 'draft-made':
      return takeDraft(state, result, check);
    case 'draft-failed':
      if (result.request !== state.draft.request) return stay(state);
      return stay(failDraft(state, result.error));
    case 'home-assistant-checked': {
      const seen = takeFinding(state, result.request, result.finding);
      const isAsking = seen.step === 'settings' || seen.step === 'review';
      return seen.isContinuing && isAsking && !seen.homeAssistant.isChecking
        ? goOn({ ...seen, isContinuing: false }, check)
        : stay(seen);
    }
    case 'run-created':
    case 'run-refused':
    case 'run-event':
    case 'run-lost':
    case 'log-read':
    case 'stop-failed':
      return applyRunResult(state, result);
  }
}

const failDraft = (state: WizardState, error: WizardState['draft']['error']): WizardState => ({
  ...state,
  isContinuing: false,
  draft: { ...state.draft, isPending: false, error },
  run: state.run?.kind === 'preparing' ? { ...state.run, kind: 'not-started', error } : state.run,
});

function takeDraft(
  state: WizardState,
  result: Extract<WizardResult, { kind: 'draft-made' }>,
  check: CheckValue,
): Step {
  if (result.request !== state.draft.request) return stay(state);
  const drafted: WizardState = {
    ...state,
    draft: { ...state.draft, value: result.draft, isPending: false, error: undefined },
  };
  const settled = settleSelection(
    drafted.memory.selected === undefined ? selectMemoryRow(drafted, 0) : drafted,
  );
  if (settled.run?.kind === 'preparing') return startRun(settled);
  if (settled.isArriving) return stay(arrive(settled));
  if (!settled.isContinuing) return stay(settled);
  return goOn({ ...settled, isContinuing: false }, check);
}
