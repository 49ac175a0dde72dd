/** The settings as the screen shows them now: those of the draft, with what was typed since. */

import { settingRows, withAnswers } from '../../core/env/setting-rows.ts';
import type { SettingsState, WizardState } from './wizard-state.ts';
import type { SettingValue } from './wizard-types.ts';

export const allSettings = (state: WizardState): readonly SettingValue[] => {
  const { value, isPending } = state.draft;
  return isPending ? withAnswers(value?.settings ?? [], state.choices.answers) : (value?.settings ?? []);
};

export const findSetting = (state: WizardState, key: string | undefined): SettingValue | undefined =>
  allSettings(state).find(setting => setting.field.key === key);

/** The rows that the search and the switch for all settings leave. */
export const shownSettings = (state: WizardState): readonly SettingValue[] =>
  settingRows(allSettings(state), state.settings);

export const withSettings = (state: WizardState, change: Partial<SettingsState>): WizardState => ({
  ...state,
  settings: { ...state.settings, ...change },
});
