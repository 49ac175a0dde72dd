/** What is offered for a setting when it is opened: the template's choices, known values, or the cursor. */

import { textBuffer } from '../../core/text/text-buffer.ts';
import type { Editing, EditOption } from './wizard-state.ts';
import type { SettingValue } from './wizard-types.ts';

const fixedChoices = ({ field }: SettingValue): readonly string[] =>
  field.type === 'boolean' && field.choices.length === 0 ? ['true', 'false'] : field.choices;

/** Anything may be typed, not only one of the template's choices. */
export const isFree = (setting: SettingValue): boolean => fixedChoices(setting).length === 0;

/** Empty: there is nothing but typing. */
function optionsOf(setting: SettingValue): readonly EditOption[] {
  const { value, origin, alternatives = [] } = setting;
  const originOf = (text: string): EditOption['origin'] =>
    text === value ? origin : alternatives.find(alternative => alternative.value === text)?.origin;
  if (!isFree(setting)) return fixedChoices(setting).map(text => ({ value: text, origin: originOf(text) }));
  if (alternatives.length === 0) return [];
  const present: readonly EditOption[] = value === '' ? [] : [{ value, origin }];
  return [...present, ...alternatives, { value: undefined }];
}

/** A secret that is there is replaced, never typed on: nobody sees where its text ends. */
export const openForTyping = (setting: SettingValue, options: readonly EditOption[] = []): Editing => ({
  key: setting.field.key,
  buffer: textBuffer(setting.field.isSecret ? '' : setting.value),
  isPristine: true,
  problem: undefined,
  hint: undefined,
  suggestion: undefined,
  choice: undefined,
  options,
});

export function openEditing(setting: SettingValue): Editing {
  const options = optionsOf(setting);
  const present = options.findIndex(({ value }) => value === setting.value);
  return {
    ...openForTyping(setting, options),
    choice: options.length === 0 ? undefined : Math.max(0, present),
  };
}
