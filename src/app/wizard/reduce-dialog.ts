/** Questions in the way: what their keys do, and what their answers mean. */

import { blockingStep } from '../../core/run/reduce-run.ts';
import { ask, enterSettings, goOn, openSetting, quit } from './navigate.ts';
import {
  checkHomeAssistantAgain,
  missingHomeAssistantKey,
  settingOfFinding,
  skipHomeAssistant,
  takeCorrection,
} from './reduce-home-assistant.ts';
import { takeSuggestions } from './reduce-memory.ts';
import { askToStop, isRunActive, retryRun } from './reduce-run-screen.ts';
import {
  type CheckValue,
  type Dialog,
  type DialogAnswer,
  redraft,
  type Step,
  stay,
  type WizardIntent,
  type WizardState,
  within,
} from './wizard-state.ts';

/** The data that the failed step would have to delete. */
export const deletableData = (state: WizardState): string | undefined =>
  state.run === undefined ? undefined : blockingStep(state.run.state)?.error?.deletesData;

/** Once Home Assistant has answered to the corrected address, the way goes on by itself. */
function correctAndGoOn(state: WizardState): Step {
  const step = takeCorrection(state);
  return { ...step, state: { ...step.state, isContinuing: true } };
}

function deleteAndRetry(state: WizardState): Step {
  const data = deletableData(state);
  if (data === undefined) return stay(state);
  return retryRun({ ...state, choices: { ...state.choices, deleteData: [data] } });
}

function giveAnswer(state: WizardState, dialog: Dialog, answer: DialogAnswer, check: CheckValue): Step {
  const closed = { ...state, dialog: undefined };
  switch (answer) {
    case 'cancel':
      if (dialog.kind !== 'home-assistant') return stay(closed);
      return stay(openSetting(closed, missingHomeAssistantKey(closed) ?? settingOfFinding(closed)));
    case 'take-correction':
      return correctAndGoOn(closed);
    case 'check-again': {
      const step = checkHomeAssistantAgain(closed);
      return { ...step, state: { ...step.state, isContinuing: true } };
    }
    case 'skip-home-assistant':
      return goOn(skipHomeAssistant(closed), check);
    case 'delete-data':
      return deleteAndRetry(closed);
    case 'take-suggestions':
      return takeSuggestions(closed);
    case 'accept-risk':
      return stay(enterSettings({ ...closed, choices: { ...closed.choices, acceptMemoryRisk: true } }));
    case 'fetch-source':
      return redraft({ ...closed, choices: { ...closed.choices, fetchSource: true } });
    case 'leave-running':
      return stay({ ...closed, ending: { kind: 'left-running', runId: closed.run?.runId } });
    case 'stop-run':
      return askToStop(closed);
  }
}

/** While a question is open, only its own keys act. Ctrl+C again leaves without harm. */
export function reduceDialog(
  state: WizardState,
  dialog: Dialog,
  intent: WizardIntent,
  check: CheckValue,
): Step {
  const point = (index: number): Step =>
    stay({ ...state, dialog: { ...dialog, selected: within(index, dialog.answers.length) } });
  switch (intent.kind) {
    case 'move':
      return point(dialog.selected + intent.by);
    case 'select':
      return intent.index < dialog.answers.length ? point(intent.index) : stay(state);
    case 'continue':
      return giveAnswer(state, dialog, dialog.answers[dialog.selected] ?? 'cancel', check);
    case 'interrupt':
      return dialog.kind === 'interrupt'
        ? giveAnswer(state, dialog, 'leave-running', check)
        : stay(quit(state));
    case 'back':
      return stay({ ...state, dialog: undefined });
    default:
      return stay(state);
  }
}

/** Ctrl+C, or leaving: at once before the run and after it; while it is under way, only after a question. */
export function interrupt(state: WizardState): Step {
  if (!isRunActive(state.run)) return stay(quit(state));
  if (state.isOnlooker === true) {
    return stay({ ...state, ending: { kind: 'left-running', runId: state.run?.runId } });
  }
  return stay(ask(state, 'interrupt', ['leave-running', 'stop-run', 'cancel']));
}

/** Asks before anything is deleted: by its name, and with the harmless answer first. */
export const askToDelete = (state: WizardState): Step =>
  deletableData(state) === undefined
    ? stay(state)
    : stay(ask(state, 'delete-data', ['cancel', 'delete-data']));
