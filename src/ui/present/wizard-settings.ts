/** Screen 4: what must I give, and where does each value come from? */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import { countHidden, settingProblem, settingRows, withAnswers } from '../../core/env/setting-rows.ts';
import { paragraph } from './common.ts';
import { isRoomy, type Viewport } from './compose-screen.ts';
import { formatCount } from './format.ts';
import { type Line, line, span } from './tone.ts';
import { settingRowLines } from './wizard-setting-row.ts';

type Parts = {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
  readonly focus?: { readonly from: number; readonly to: number };
};

function hiddenText(state: WizardState, viewport: Viewport): string {
  const counts = countHidden(state.draft.value?.settings ?? []);
  if (state.settings.search !== '' || state.settings.showAdvanced) return '';
  if (!isRoomy(viewport))
    return counts.others === 0 ? '' : `${formatCount(counts.others, 'more setting')}: a`;
  const made =
    counts.generated === 0
      ? ''
      : `${formatCount(counts.generated, 'password or key', 'passwords and keys')} made for you. `;
  return counts.others === 0
    ? made
    : `${made}${formatCount(counts.others, 'more setting')}, all with a value: a`;
}

function headText(missing: number, asked: number): string {
  if (missing > 0) return `${formatCount(missing, 'value')} needed from you.`;
  return asked === 0 ? 'Nothing is needed from you.' : 'Nothing more is needed from you.';
}

export function presentSettings(state: WizardState, viewport: Viewport): Parts {
  const drafted = state.draft.value?.settings ?? [];
  const settings = state.draft.isPending ? withAnswers(drafted, state.choices.answers) : drafted;
  const rows = settingRows(settings, state.settings);
  const { search, isSearching, selected } = state.settings;
  const missing = settings.filter(setting => settingProblem(setting) !== undefined).length;
  const body: Line[] = [];
  let focus: Parts['focus'];
  for (const setting of rows) {
    const lines = settingRowLines(setting, state, viewport);
    if (setting.field.key === selected) focus = { from: body.length, to: body.length + lines.length - 1 };
    body.push(...lines);
  }
  const searchLine: readonly Line[] =
    isSearching || search !== ''
      ? [
          line(
            span('Search ', 'dim'),
            span(search, 'strong'),
            span(isSearching ? viewport.glyphs.cursor : '', 'accent'),
            span(`  ${formatCount(rows.length, 'setting')}`, 'dim'),
          ),
        ]
      : [];
  const hidden = hiddenText(state, viewport);
  if (search.trim() !== '' && rows.length === 0) {
    body.push(
      ...paragraph(`No setting has "${search.trim()}" in its name, label or text.`, viewport, 'warn'),
      ...paragraph('Esc shows all again.', viewport),
    );
  }
  return {
    head: [
      ...paragraph(headText(missing, rows.length), viewport, missing > 0 ? 'warn' : 'good'),
      ...searchLine,
    ],
    body,
    ...(focus === undefined ? {} : { focus }),
    foot: state.isContinuing
      ? paragraph('The review follows when Home Assistant has answered.', viewport, 'accent')
      : hidden === ''
        ? []
        : paragraph(hidden, viewport, 'dim'),
  };
}
