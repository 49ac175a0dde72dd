/** The screen of the settings: choosing one, editing it, searching among them. */

import { cleanPaste } from '../../core/env/clean-paste.ts';
import { isReadOnly, settingProblem } from '../../core/env/setting-rows.ts';
import { correctAddress } from '../../core/home-assistant/address.ts';
import { addressKeys, homeAssistantKeys } from '../../core/home-assistant/keys.ts';
import { editText, type TextEdit, textBuffer } from '../../core/text/text-buffer.ts';
import { allSettings, findSetting, shownSettings, withSettings } from './current-settings.ts';
import { isFree, openEditing, openForTyping } from './edit-options.ts';
import {
  type CheckValue,
  type Editing,
  redraft,
  type Step,
  stay,
  type WizardState,
  within,
} from './wizard-state.ts';
import type { SettingValue } from './wizard-types.ts';

export function selectSetting(state: WizardState, index: number): WizardState {
  const rows = shownSettings(state);
  return withSettings(state, { selected: rows[within(index, rows.length)]?.field.key, isRevealed: false });
}

const selectedIndex = (state: WizardState): number =>
  shownSettings(state).findIndex(setting => setting.field.key === state.settings.selected);

export const moveInSettings = (state: WizardState, by: number): WizardState =>
  selectSetting(state, selectedIndex(state) + by);

/** Keeps the selection on a row that is shown. */
export const settleSelection = (state: WizardState): WizardState =>
  selectedIndex(state) < 0 ? selectSetting(state, 0) : state;

/** Opens the field for typing, or the list of what is offered for it. */
export function startEditing(state: WizardState, key: string | undefined): WizardState {
  const setting = shownSettings(state).find(candidate => candidate.field.key === key);
  if (setting === undefined) return state;
  if (isReadOnly(setting.field)) {
    return { ...state, notice: 'This value belongs to the mode and is not changed by hand.' };
  }
  return withSettings(state, { editing: openEditing(setting), selected: setting.field.key });
}

/** The first setting that keeps the operator from going on. Those of Home Assistant may be skipped. */
export const firstProblem = (state: WizardState): SettingValue | undefined => {
  const mayMiss: readonly string[] = state.homeAssistant.isSkipped ? Object.values(homeAssistantKeys) : [];
  const open = { ...state, settings: { ...state.settings, search: '', showAdvanced: true } };
  return shownSettings(open).find(
    setting =>
      settingProblem(setting) !== undefined && !(setting.value === '' && mayMiss.includes(setting.field.key)),
  );
};

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

/** What was chosen or typed; a terminal without paste brackets types what the clipboard added, too. */
function editedValue(
  editing: Editing,
  setting: SettingValue,
): { readonly value: string; readonly notes: readonly string[] } {
  const option = editing.choice === undefined ? undefined : editing.options[editing.choice];
  if (option !== undefined) return { value: option.value ?? setting.value, notes: [] };
  const text = editing.buffer.text.trim();
  // A secret that was opened and left is kept.
  if (text === '' && editing.isPristine) return { value: setting.value, notes: [] };
  const { type } = setting.field;
  return type === 'token' || type === 'url' ? cleanPaste(setting.field, text) : { value: text, notes: [] };
}

type Leave = 'stay' | 'next' | 'previous' | 'next-problem';

/** What was probably meant by an address of Home Assistant that is written otherwise. */
function suggestAddress(state: WizardState, key: string, value: string): Editing['suggestion'] {
  if (!addressKeys.includes(key) || value === '') return undefined;
  const machineAddress = state.machine.kind === 'checked' ? state.machine.report.address : undefined;
  const { url, notes } = correctAddress(value, machineAddress);
  return url === undefined || url === value ? undefined : { value: url, notes };
}

/**
 * Leaves the field with its new value when that can be used; else says why and stays. What was probably meant is offered
 * first, and taken the second time; `keepTyped` insists on what was typed. `then` moves on.
 */
export function commitEditing(state: WizardState, check: CheckValue, then: Leave, keepTyped = false): Step {
  const { editing } = state.settings;
  const setting = findSetting(state, editing?.key);
  if (editing === undefined || setting === undefined)
    return stay(withSettings(state, { editing: undefined }));
  const { key, isRequired } = setting.field;
  if (editing.choice !== undefined && editing.options[editing.choice]?.value === undefined) {
    return stay(withSettings(state, { editing: openForTyping(setting) }));
  }
  const edited = editedValue(editing, setting);
  const suggestion = keepTyped ? undefined : (editing.suggestion ?? suggestAddress(state, key, edited.value));
  if (suggestion !== undefined && editing.suggestion === undefined) {
    return stay(
      withSettings(state, { editing: { ...editing, problem: undefined, hint: undefined, suggestion } }),
    );
  }
  const value = suggestion?.value ?? edited.value;
  const problem = value === '' && isRequired ? 'A value is needed here.' : check(setting.field, value);
  if (problem !== undefined) {
    return stay(
      withSettings(state, { editing: { ...editing, problem, hint: undefined, suggestion: undefined } }),
    );
  }
  const notice = edited.notes.length === 0 ? state.notice : edited.notes.join(' ');
  const closed = withSettings({ ...state, notice }, { editing: undefined, isRevealed: false });
  const step = value === setting.value ? stay(closed) : setAnswer(closed, key, value);
  return { ...step, state: moveOn(step.state, setting, then) };
}

function moveOn(state: WizardState, from: SettingValue, then: Leave): WizardState {
  if (then === 'stay') return state;
  if (then !== 'next-problem') return moveInSettings(state, then === 'next' ? 1 : -1);
  const next = shownSettings(state).find(
    setting => setting.field.key !== from.field.key && settingProblem(setting) !== undefined,
  );
  if (next !== undefined) return startEditing(state, next.field.key);
  const token = findSetting(state, homeAssistantKeys.token);
  const isNewHome = from.field.key === homeAssistantKeys.address && token?.origin === 'stand-in';
  if (!isNewHome || token === undefined) return state;
  // A Home Assistant of one's own does not take the stand-in's token.
  return withSettings(state, { editing: openForTyping(token), selected: token.field.key });
}

/** The open field takes letters: it is typed in, or offers typing. */
const canType = (state: WizardState, editing: Editing): boolean => {
  if (editing.choice === undefined) return true;
  const setting = findSetting(state, editing.key);
  return setting !== undefined && isFree(setting);
};

/** A change of the text in the open field, or of the search. */
export function applyTextEdit(state: WizardState, edit: TextEdit, check: CheckValue): WizardState {
  const { editing, isSearching, search } = state.settings;
  if (isSearching) {
    const next = editText(textBuffer(search), edit).text;
    return settleSelection(withSettings(state, { search: next }));
  }
  const setting = findSetting(state, editing?.key);
  if (editing === undefined || setting === undefined || !canType(state, editing)) return state;
  const from = editing.choice === undefined ? editing.buffer : textBuffer('');
  const buffer = editText(from, edit);
  const text = buffer.text.trim();
  return withSettings(state, {
    editing: {
      ...editing,
      buffer,
      isPristine: false,
      problem: undefined,
      hint: text === '' ? undefined : check(setting.field, text),
      suggestion: undefined,
      choice: undefined,
    },
  });
}

/** A pasted value, without what the clipboard added to it; what was taken away is said. Opens the selected setting. */
export function applyPaste(
  state: WizardState,
  paste: { readonly text: string; readonly isCleaned?: boolean },
  check: CheckValue,
): WizardState {
  if (state.settings.isSearching) {
    return applyTextEdit(state, { kind: 'insert', text: paste.text.replace(/\s+/g, ' ').trim() }, check);
  }
  const opened = state.settings.editing === undefined ? startEditing(state, state.settings.selected) : state;
  const { editing } = opened.settings;
  const setting = findSetting(opened, editing?.key);
  if (editing === undefined || setting === undefined || !canType(opened, editing)) return opened;
  const { value, notes } = cleanPaste(setting.field, paste.text);
  const said = [
    ...(paste.isCleaned === true ? ['Control sequences of the terminal were removed.'] : []),
    ...notes,
  ];
  // Whoever pastes into a field that was only opened means to replace what is there.
  const cleared = editing.isPristine ? applyTextEdit(opened, { kind: 'clear' }, check) : opened;
  const pasted = applyTextEdit(cleared, { kind: 'insert', text: value }, check);
  return said.length === 0 ? pasted : { ...pasted, notice: [...new Set(said)].join(' ') };
}

/** Moves among the options of the open field. */
export function moveChoice(state: WizardState, next: (index: number) => number): WizardState {
  const { editing } = state.settings;
  if (editing?.choice === undefined) return state;
  const choice = within(next(editing.choice), editing.options.length);
  return withSettings(state, { editing: { ...editing, choice } });
}

/** The answers of another mode: what both share stays, what each has for itself is put aside for the way back. */
export function exchangeAnswers(
  state: WizardState,
): Pick<WizardState, 'setAside'> & { readonly answers: Readonly<Record<string, string>> } {
  const own = new Set(
    allSettings(state)
      .filter(({ field }) => field.scope === 'mode')
      .map(({ field }) => field.key),
  );
  const entries = Object.entries(state.choices.answers);
  return {
    setAside: Object.fromEntries(entries.filter(([key]) => own.has(key))),
    answers: { ...Object.fromEntries(entries.filter(([key]) => !own.has(key))), ...state.setAside },
  };
}
