/** The settings of a form in the order in which an operator is asked: what is needed first, the rest on request. */

import type { TemplateField, ValueOrigin } from './template-field.ts';

type Setting = {
  readonly field: TemplateField;
  readonly value: string;
  readonly problem: string | undefined;
};

/** The run cannot do without a value here, and there is none yet. */
const isMissing = (setting: Setting): boolean =>
  setting.field.isRequired && !setting.field.isGenerated && setting.value === '';

/** Why the set-up cannot go on with this setting; undefined when it can. */
export const settingProblem = (setting: Setting): string | undefined =>
  setting.problem ?? (isMissing(setting) ? 'Needed' : undefined);

/** The mode or this program decides the value; the operator may look, not change. */
export const isReadOnly = (field: TemplateField): boolean => field.isFixed;

/**
 * The settings as they will be once the answers are worked in: what an operator has just typed counts at once,
 * not when the next draft is there.
 */
export const withAnswers = <Item extends Setting & { readonly origin: ValueOrigin }>(
  settings: readonly Item[],
  answers: Readonly<Record<string, string>>,
): readonly Item[] =>
  settings.map(setting => {
    const answer = answers[setting.field.key];
    return answer === undefined || answer === setting.value
      ? setting
      : { ...setting, value: answer, origin: 'answer', problem: undefined };
  });

const isAsked = (setting: Setting): boolean =>
  settingProblem(setting) !== undefined ||
  (!setting.field.isAdvanced && !setting.field.isGenerated && !setting.field.isFixed);

/** True when every word of `search` is in the key, the label, the section or the help. Case does not matter. */
function matches(field: TemplateField, search: string): boolean {
  const text = [field.key, field.label, field.section, ...field.help].join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

export type SettingRowOptions = { readonly showAdvanced: boolean; readonly search: string };

/**
 * The settings to show: those that are asked for, the required ones first, then (with `showAdvanced`) the others in the
 * template's order. A search looks through all of them.
 */
export function settingRows<Item extends Setting>(
  settings: readonly Item[],
  options: SettingRowOptions,
): readonly Item[] {
  if (options.search.trim() !== '') {
    return settings.filter(setting => matches(setting.field, options.search.trim()));
  }
  const asked = settings.filter(isAsked);
  const first = asked.filter(setting => setting.field.isRequired);
  const others = asked.filter(setting => !setting.field.isRequired);
  const rest = options.showAdvanced ? settings.filter(setting => !isAsked(setting)) : [];
  return [...first, ...others, ...rest];
}

/** How many settings are not shown until asked for, and how many of them this program makes. */
export function countHidden(settings: readonly Setting[]): {
  readonly generated: number;
  readonly others: number;
} {
  const hidden = settings.filter(setting => !isAsked(setting));
  const generated = hidden.filter(setting => setting.field.isGenerated).length;
  return { generated, others: hidden.length - generated };
}
