/** Questions in the way: what their keys do, and what their answers mean. */

import { ask, enterSettings, quit } from './navigate.ts';
import { takeSuggestions } from './reduce-memory.ts';
import { askToStop, isRunActive } from './reduce-run-screen.ts';
import {
  type Dialog,
  type DialogAnswer,
  redraft,
  type Step,
  stay,
  type WizardIntent,
  type WizardState,
  within,
} from './wizard-state.ts';

function giveAnswer(state: WizardState, answer: DialogAnswer): Step {
  const closed = { ...state, dialog: undefined };
  switch (answer) {
    case 'cancel':
      return stay(closed);
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
export function reduceDialog(state: WizardState, dialog: Dialog, intent: WizardIntent): Step {
  const point = (index: number): Step =>
    stay({ ...state, dialog: { ...dialog, selected: within(index, dialog.answers.length) } });
  switch (intent.kind) {
    case 'move':
      return point(dialog.selected + intent.by);
    case 'select':
      return intent.index < dialog.answers.length ? point(intent.index) : stay(state);
    case 'continue':
      return giveAnswer(state, dialog.answers[dialog.selected] ?? 'cancel');
    case 'interrupt':
      return dialog.kind === 'interrupt' ? giveAnswer(state, 'leave-running') : stay(quit(state));
    case 'back':
      return stay({ ...state, dialog: undefined });
    default:
      return stay(state);
  }
}

/** Ctrl+C, or leaving: at once before the run and after it; while it is under way, only after a question. */
export function interrupt(state: WizardState): Step {
  if (!isRunActive(state.run)) return stay(quit(state));
  return stay(ask(state, 'interrupt', ['leave-running', 'stop-run', 'cancel']));
}
