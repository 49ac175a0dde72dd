/** The screen of the settings: choosing one, editing it, searching among them. */

import { cleanPaste } from '../../core/env/clean-paste.ts';
import { isReadOnly, settingProblem, settingRows, withAnswers } from '../../core/env/setting-rows.ts';
import { editText, type TextEdit, textBuffer } from '../../core/text/text-buffer.ts';
import {
  type CheckValue,
  type Editing,
  redraft,
  type SettingsState,
  type Step,
  stay,
  type WizardState,
  within,
} from './wizard-state.ts';
import type { SettingValue } from './wizard-types.ts';

const allSettings = (state: WizardState): readonly SettingValue[] => {
  const { value, isPending } = state.draft;
  return isPending ? withAnswers(value?.settings ?? [], state.choices.answers) : (value?.settings ?? []);
};

const rowsOf = (state: WizardState): readonly SettingValue[] =>
  settingRows(allSettings(state), state.settings);

export const withSettings = (state: WizardState, change: Partial<SettingsState>): WizardState => ({
  ...state,
  settings: { ...state.settings, ...change },
});

export function selectSetting(state: WizardState, index: number): WizardState {
  const rows = rowsOf(state);
  return withSettings(state, { selected: rows[within(index, rows.length)]?.field.key, isRevealed: false });
}

const selectedIndex = (state: WizardState): number =>
  rowsOf(state).findIndex(setting => setting.field.key === state.settings.selected);

export const moveInSettings = (state: WizardState, by: number): WizardState =>
  selectSetting(state, selectedIndex(state) + by);

/** Keeps the selection on a row that is shown. */
export const settleSelection = (state: WizardState): WizardState =>
  selectedIndex(state) < 0 ? selectSetting(state, 0) : state;

const choicesOf = (setting: SettingValue): readonly string[] =>
  setting.field.type === 'boolean' && setting.field.choices.length === 0
    ? ['true', 'false']
    : setting.field.choices;

/** Opens the field for typing, or the list of its choices. */
export function startEditing(state: WizardState, key: string | undefined): WizardState {
  const setting = rowsOf(state).find(candidate => candidate.field.key === key);
  if (setting === undefined) return state;
  if (isReadOnly(setting.field)) {
    return { ...state, notice: 'This value belongs to the mode and is not changed by hand.' };
  }
  const choices = choicesOf(setting);
  const editing: Editing = {
    key: setting.field.key,
    buffer: textBuffer(setting.value),
    isPristine: true,
    problem: undefined,
    choice: choices.length === 0 ? undefined : Math.max(0, choices.indexOf(setting.value)),
  };
  return withSettings(state, { editing, selected: setting.field.key });
}

/** The first setting that keeps the operator from going on. */
export const firstProblem = (state: WizardState): SettingValue | undefined =>
  rowsOf({ ...state, settings: { ...state.settings, search: '', showAdvanced: true } }).find(
    setting => settingProblem(setting) !== undefined,
  );

const setAnswer = (state: WizardState, key: string, value: string): Step =>
  redraft({ ...state, choices: { ...state.choices, answers: { ...state.choices.answers, [key]: value } } });

/** Forgets what was typed for the selected setting. */
export function forgetAnswer(state: WizardState): Step {
  const { selected } = state.settings;
  if (selected === undefined || !(selected in state.choices.answers)) return stay(state);
  const answers = Object.fromEntries(
    Object.entries(state.choices.answers).filter(([key]) => key !== selected),
  );
  return redraft({ ...state, choices: { ...state.choices, answers } });
}

const editedValue = (editing: Editing, setting: SettingValue): string =>
  editing.choice === undefined
    ? editing.buffer.text.trim()
    : (choicesOf(setting)[editing.choice] ?? setting.value);

/** Leaves the field with its new value when that can be used; else says why and stays. `then` moves on. */
export function commitEditing(
  state: WizardState,
  check: CheckValue,
  then: 'stay' | 'next' | 'previous' | 'next-problem',
): Step {
  const { editing } = state.settings;
  const setting = allSettings(state).find(candidate => candidate.field.key === editing?.key);
  if (editing === undefined || setting === undefined)
    return stay(withSettings(state, { editing: undefined }));
  const value = editedValue(editing, setting);
  const problem =
    value === '' && setting.field.isRequired ? 'A value is needed here.' : check(setting.field, value);
  if (problem !== undefined) return stay(withSettings(state, { editing: { ...editing, problem } }));
  const closed = withSettings(state, { editing: undefined, isRevealed: false });
  const moved = moveOn(closed, setting, then);
  return value === setting.value ? stay(moved) : setAnswer(moved, setting.field.key, value);
}

function moveOn(
  state: WizardState,
  from: SettingValue,
  then: 'stay' | 'next' | 'previous' | 'next-problem',
): WizardState {
  if (then === 'stay') return state;
  if (then !== 'next-problem') return moveInSettings(state, then === 'next' ? 1 : -1);
  const next = rowsOf(state).find(
    setting => setting.field.key !== from.field.key && settingProblem(setting) !== undefined,
  );
  return next === undefined ? state : startEditing(state, next.field.key);
}

/** A change of the text in the open field, or of the search. */
export function applyTextEdit(state: WizardState, edit: TextEdit): WizardState {
  const { editing, isSearching, search } = state.settings;
  if (isSearching) {
    const next = editText(textBuffer(search), edit).text;
    return settleSelection(withSettings(state, { search: next }));
  }
  if (editing === undefined || editing.choice !== undefined) return state;
  return withSettings(state, {
    editing: { ...editing, buffer: editText(editing.buffer, edit), isPristine: false, problem: undefined },
  });
}

/** A pasted value, without what the clipboard added to it; what was taken away is said. */
export function applyPaste(state: WizardState, text: string): WizardState {
  const { editing, isSearching } = state.settings;
  const setting = allSettings(state).find(candidate => candidate.field.key === editing?.key);
  if (isSearching || setting === undefined) {
    return applyTextEdit(state, { kind: 'insert', text: text.replace(/\s+/g, ' ').trim() });
  }
  const { value, notes } = cleanPaste(setting.field, text);
  // Whoever pastes into a field that was only opened means to replace what is there.
  const cleared = editing?.isPristine === true ? applyTextEdit(state, { kind: 'clear' }) : state;
  const pasted = applyTextEdit(cleared, { kind: 'insert', text: value });
  return notes.length === 0 ? pasted : { ...pasted, notice: notes.join(' ') };
}

/** Moves among the choices of the open field. */
export function moveChoice(state: WizardState, next: (index: number) => number): WizardState {
  const { editing } = state.settings;
  const setting = allSettings(state).find(candidate => candidate.field.key === editing?.key);
  if (editing?.choice === undefined || setting === undefined) return state;
  const choice = within(next(editing.choice), choicesOf(setting).length);
  return withSettings(state, { editing: { ...editing, choice } });
}
