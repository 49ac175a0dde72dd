/** One setting on its screen: its value, the field while it is edited, what is wrong with it, and what it is for. */

import type { Editing, EditOption, WizardState } from '../../app/wizard/wizard-state.ts';
import type { SettingValue } from '../../app/wizard/wizard-types.ts';
import { isReadOnly, settingProblem } from '../../core/env/setting-rows.ts';
import type { TemplateField, ValueOrigin } from '../../core/env/template-field.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import {
  fitCells,
  takeCells,
  takeCellsFromEnd,
  textWidth,
  truncateEnd,
  truncateMiddle,
  wrapWords,
} from './format.ts';
import { type Line, line, type Span, span, type Tone } from './tone.ts';
import { homeAssistantLines } from './wizard-home-assistant.ts';

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

function optionText(
  option: EditOption,
  field: TemplateField,
  isRevealed: boolean,
  viewport: Viewport,
): readonly [text: string, origin: string] {
  if (option.value === undefined) return ['type another value', ''];
  const origin = option.origin === undefined ? '' : origins[option.origin];
  const isMasked = field.isSecret && !isRevealed;
  if (isMasked && option.origin === 'generated') return ['a new one', 'made here'];
  return [isMasked ? maskSecret(option.value, viewport.glyphs.mask) : option.value, origin];
}

function optionLines(
  setting: SettingValue,
  editing: Editing,
  isRevealed: boolean,
  viewport: Viewport,
): readonly Line[] {
  const room = contentWidth(viewport) - 8;
  return editing.options.map((option, index) => {
    const isSelected = index === editing.choice;
    const [text, origin] = optionText(option, setting.field, isRevealed, viewport);
    const shown = truncateMiddle(text, Math.max(8, room - textWidth(origin) - 2), viewport.glyphs.ellipsis);
    return line(
      span(isSelected ? `    ${viewport.glyphs.pointer} ` : '      ', 'accent'),
      span(`${index + 1} `, 'accent'),
      span(shown, isSelected ? 'strong' : 'plain'),
      ...(origin === '' ? [] : [span(`  ${origin}`, 'dim')]),
    );
  });
}

/** What the template says of the field, which breaks its lines for its own width; more of it while it is edited. */
function helpLines({ field }: SettingValue, limit: number, viewport: Viewport): readonly Line[] {
  const width = contentWidth(viewport) - 4;
  const { ellipsis } = viewport.glyphs;
  const all = wrapWords(field.help.join(' '), width);
  return all.slice(0, limit).map((text, index) => {
    const isCut = index === limit - 1 && all.length > limit;
    return line('    ', span(isCut ? truncateEnd(`${text} ${ellipsis}`, width, ellipsis) : text, 'dim'));
  });
}

/** A sentence under the row, with its glyph. */
function remarkLines(text: string, tone: Tone, glyph: string, viewport: Viewport): readonly Line[] {
  return wrapWords(text, contentWidth(viewport) - 6).map((part, index) =>
    line(span(index === 0 ? `    ${glyph} ` : '      ', tone), span(part, tone)),
  );
}

/** What was probably meant, and how to take it. */
function suggestionLines(editing: Editing, viewport: Viewport): readonly Line[] {
  if (editing.suggestion === undefined) return [];
  const { value, notes } = editing.suggestion;
  return [
    ...notes.flatMap(note => remarkLines(note, 'warn', viewport.glyphs.note, viewport)),
    line(span('      enter', 'accent'), span(' takes ', 'plain'), span(value, 'strong')),
  ];
}

function remarks(setting: SettingValue, editing: Editing | undefined, viewport: Viewport): readonly Line[] {
  const { glyphs } = viewport;
  if (editing === undefined) {
    const problem = settingProblem(setting);
    return problem === undefined || problem === 'Needed'
      ? []
      : remarkLines(problem, 'bad', glyphs.bad, viewport);
  }
  if (editing.problem !== undefined) return remarkLines(editing.problem, 'bad', glyphs.bad, viewport);
  if (editing.hint !== undefined) return remarkLines(editing.hint, 'dim', glyphs.waiting, viewport);
  return suggestionLines(editing, viewport);
}

const originText = (setting: SettingValue): string => {
  if (isReadOnly(setting.field)) return 'fixed by the mode';
  return setting.field.isPlaceholder ? 'a placeholder' : origins[setting.origin];
};

/** The value as it stands, and where it comes from. */
function valueSpans(
  setting: SettingValue,
  isRevealed: boolean,
  room: number,
  viewport: Viewport,
): readonly Span[] {
  const { field, value } = setting;
  const origin = room < 24 ? '' : originText(setting);
  const text = valueText(setting, isRevealed, viewport);
  const shown = truncateMiddle(
    text,
    Math.max(8, room - (origin === '' ? 0 : textWidth(origin) + 2)),
    viewport.glyphs.ellipsis,
  );
  const isMissing = value === '' && field.isRequired && !field.isGenerated;
  return [
    span(shown, isMissing ? 'warn' : value === '' ? 'dim' : 'strong'),
    ...(origin === '' || value === '' ? [] : [span(`  ${origin}`, 'dim')]),
  ];
}

/** The row of a setting with all that is said under it. */
export function settingRowLines(
  setting: SettingValue,
  state: WizardState,
  viewport: Viewport,
): readonly Line[] {
  const { field } = setting;
  const { glyphs } = viewport;
  const width = contentWidth(viewport);
  const { isRevealed, selected } = state.settings;
  const isSelected = field.key === selected;
  const editing = state.settings.editing?.key === field.key ? state.settings.editing : undefined;
  const isTyped = editing !== undefined && editing.choice === undefined;
  const isWide = width >= 58;
  const labelWidth = isWide ? Math.min(30, Math.floor(width * 0.36)) : width - 2;
  const label = isWide
    ? fitCells(field.label, labelWidth, 'left', glyphs.ellipsis)
    : truncateEnd(field.label, labelWidth, glyphs.ellipsis);
  const name = [
    span(isSelected ? `${glyphs.pointer} ` : '  ', 'accent'),
    span(label, isSelected ? 'accent' : 'plain'),
  ];
  const room = isWide ? width - labelWidth - 4 : width - 4;
  const value = isTyped
    ? fieldSpans(editing, field.isSecret && !isRevealed, room, viewport)
    : valueSpans(setting, isSelected && isRevealed, isWide ? room : Math.min(room, 23), viewport);
  const valueWidth = value.reduce((sum, part) => sum + textWidth(part.text), 0);
  const isOneLine = isWide || (!isTyped && textWidth(field.label) + valueWidth + 4 <= width);
  return [
    ...(isOneLine ? [[...name, span('  '), ...value]] : [name, [span('    '), ...value]]),
    ...(editing?.choice === undefined ? [] : optionLines(setting, editing, isRevealed, viewport)),
    ...remarks(setting, editing, viewport),
    ...homeAssistantLines(field.key, state, viewport),
    ...(isSelected ? helpLines(setting, editing === undefined ? 2 : 6, viewport) : []),
  ];
}
