/** Screen 4: what must I give, and where does each value come from? */

import type { Editing, WizardState } from '../../app/wizard/wizard-state.ts';
import type { SettingValue } from '../../app/wizard/wizard-types.ts';
import {
  countHidden,
  isReadOnly,
  settingProblem,
  settingRows,
  withAnswers,
} from '../../core/env/setting-rows.ts';
import type { ValueOrigin } from '../../core/env/template-field.ts';
import { paragraph } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import {
  fitCells,
  formatCount,
  takeCells,
  takeCellsFromEnd,
  textWidth,
  truncateEnd,
  truncateMiddle,
  wrapWords,
} from './format.ts';
import { type Line, line, type Span, span } from './tone.ts';

type Parts = {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
  readonly focus?: { readonly from: number; readonly to: number };
};

const origins: Readonly<Record<ValueOrigin, string>> = {
  current: 'as it is now',
  default: 'the default',
  generated: 'generated',
  machine: 'from this machine',
  answer: 'given by you',
  run: 'set by the run',
  'stand-in': 'a stand-in',
  none: '',
};

/** A secret that is not revealed: always as long, the end shown only when that gives little away. */
function maskSecret(value: string, mask: string): string {
  if (value === '') return '';
  return mask.repeat(8) + (value.length >= 20 ? value.slice(-3) : '');
}

function valueText(setting: SettingValue, isRevealed: boolean, viewport: Viewport): string {
  const { field, value } = setting;
  if (value === '') {
    if (field.isGenerated) return 'made by the run';
    return field.isRequired ? 'needed' : 'not set';
  }
  return field.isSecret && !isRevealed ? maskSecret(value, viewport.glyphs.mask) : value;
}

/** The text around the cursor that fits into `cells`, and the cursor itself. */
function fieldSpans(editing: Editing, isMasked: boolean, cells: number, viewport: Viewport): readonly Span[] {
  const { text, cursor } = editing.buffer;
  const shown = (part: string): string => (isMasked ? viewport.glyphs.mask.repeat([...part].length) : part);
  const before = takeCellsFromEnd(shown(text.slice(0, cursor)), cells - 1);
  const after = takeCells(shown(text.slice(cursor)), cells - 1 - textWidth(before));
  return [span(before, 'strong'), span(viewport.glyphs.cursor, 'accent'), span(after, 'strong')];
}

function choiceLines(setting: SettingValue, editing: Editing, viewport: Viewport): readonly Line[] {
  const choices = setting.field.choices.length > 0 ? setting.field.choices : ['true', 'false'];
  return choices.map((choice, index) => {
    const isSelected = index === editing.choice;
    return line(
      span(isSelected ? `    ${viewport.glyphs.pointer} ` : '      ', 'accent'),
      span(`${index + 1} `, 'accent'),
      span(choice, isSelected ? 'strong' : 'plain'),
    );
  });
}

/** What the template says of the field; in full while it is edited. */
function helpLines(setting: SettingValue, limit: number, viewport: Viewport): readonly Line[] {
  const width = contentWidth(viewport) - 4;
  return setting.field.help
    .flatMap(text => wrapWords(text, width))
    .slice(0, limit)
    .map(text => line('    ', span(text, 'dim')));
}

function rowLines(setting: SettingValue, state: WizardState, viewport: Viewport): readonly Line[] {
  const { field } = setting;
  const { glyphs } = viewport;
  const width = contentWidth(viewport);
  const { editing, isRevealed, selected } = state.settings;
  const isSelected = field.key === selected;
  const isEdited = editing?.key === field.key;
  const isWide = width >= 58;
  const labelWidth = isWide ? Math.min(30, Math.floor(width * 0.36)) : width - 2;
  const pointer = span(isSelected ? `${glyphs.pointer} ` : '  ', 'accent');
  const problem = isEdited ? editing.problem : settingProblem(setting);
  const labelText = isWide
    ? fitCells(field.label, labelWidth, 'left', glyphs.ellipsis)
    : truncateEnd(field.label, labelWidth, glyphs.ellipsis);
  const label = span(labelText, isSelected ? 'accent' : 'plain');
  const origin = isReadOnly(field)
    ? 'fixed by the mode'
    : field.isPlaceholder
      ? 'a placeholder'
      : origins[setting.origin];
  const valueRoom = isWide ? width - labelWidth - 4 : width - 4;
  const isTyped = isEdited && editing.choice === undefined;
  const originRoom = textWidth(origin) + 2;
  const text = valueText(setting, isSelected && isRevealed, viewport);
  const shown = truncateMiddle(text, Math.max(8, valueRoom - (isWide ? originRoom : 0)), glyphs.ellipsis);
  const value: readonly Span[] = isTyped
    ? fieldSpans(editing, field.isSecret && !isRevealed, valueRoom, viewport)
    : [
        span(
          shown,
          setting.value === '' ? (field.isRequired && !field.isGenerated ? 'warn' : 'dim') : 'strong',
        ),
        ...(isWide && origin !== '' && setting.value !== '' ? [span(`  ${origin}`, 'dim')] : []),
      ];
  const isOneLine = isWide || (!isTyped && textWidth(field.label) + textWidth(shown) + 4 <= width);
  const head: readonly Line[] = isOneLine
    ? [[pointer, label, span('  '), ...value]]
    : [
        [pointer, label],
        [span('    '), ...value],
      ];
  const said =
    problem === undefined || (problem === 'Needed' && !isEdited)
      ? []
      : wrapWords(problem, width - 6).map((part, index) =>
          line(span(index === 0 ? `    ${glyphs.bad} ` : '      ', 'bad'), span(part, 'bad')),
        );
  const choices = isEdited && editing.choice !== undefined ? choiceLines(setting, editing, viewport) : [];
  const help = isSelected ? helpLines(setting, isEdited ? 6 : 2, viewport) : [];
  return [...head, ...choices, ...said, ...help];
}

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
    const lines = rowLines(setting, state, viewport);
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
  return {
    head: [
      ...paragraph(headText(missing, rows.length), viewport, missing > 0 ? 'warn' : 'good'),
      ...searchLine,
    ],
    body,
    ...(focus === undefined ? {} : { focus }),
    foot: hidden === '' ? [] : paragraph(hidden, viewport, 'dim'),
  };
}
