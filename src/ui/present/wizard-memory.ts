/** Screen 3: does it fit, what takes the memory, what could stay out? */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import type { MemoryFit } from '../../core/memory/memory-fit.ts';
import { type MemoryRow, memoryRows } from '../../core/memory/memory-rows.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { busyLines, failureParts, groupTitle, paragraph } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import {
  fitCells,
  formatBar,
  formatCount,
  formatGB,
  formatMiB,
  formatRoundGB,
  layoutCells,
  truncateEnd,
  truncateLine,
} from './format.ts';
import { cell, type Line, line, span, type Tone } from './tone.ts';

type Parts = {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
  readonly focus?: { readonly from: number; readonly to: number };
};

const verdictWords: Readonly<Record<MemoryFit['verdict'], { readonly word: string; readonly tone: Tone }>> = {
  fits: { word: 'FITS', tone: 'good' },
  tight: { word: 'TIGHT', tone: 'warn' },
  'does-not-fit': { word: 'DOES NOT FIT', tone: 'bad' },
};

export const verdictWord = (verdict: MemoryFit['verdict']): { readonly word: string; readonly tone: Tone } =>
  verdictWords[verdict];

/** Says that figures are not the expected ones; empty when they are. */
export const measuredText = ({ measuredCount }: MemoryFit): readonly string[] =>
  measuredCount === undefined ? [] : [`${formatCount(measuredCount, 'figure')} measured on this machine.`];

/** The expected figure of a row, with a star when it was measured; the others keep the room of the star. */
function expectedText(memoryMiB: number, isMeasured: boolean, { measuredCount }: MemoryFit): string {
  const mark = measuredCount === undefined ? '' : isMeasured ? '*' : ' ';
  return `${formatMiB(memoryMiB)}${mark}`;
}

type Widths = {
  readonly name: number;
  readonly expected: number;
  readonly bar: number;
  readonly limit: number;
};

/** Which columns there are, by the room: the bar goes first, then the limit. */
function columnWidths(width: number): Widths {
  const expected = 8;
  const limit = width >= 56 ? 8 : 0;
  const name = width < 56 ? width - expected - 2 : Math.min(32, width - expected - limit - 20);
  const rest = width - name - expected - limit - 6;
  return { name, expected, bar: width >= 56 ? Math.min(32, Math.max(0, rest)) : 0, limit };
}

function rowCells(
  row: MemoryRow,
  state: WizardState,
  plan: Plan,
  viewport: Viewport,
  scaleMiB: number,
): Line {
  const { glyphs } = viewport;
  const widths = columnWidths(contentWidth(viewport));
  const isSelected = row.id === state.memory.selected;
  const pointer = isSelected ? `${glyphs.pointer} ` : '  ';
  if (row.kind === 'group') {
    const { group, startMiB, items } = row.group;
    const starting = items.filter(item => item.start).length;
    const count = starting === items.length ? `${items.length}` : `${starting} of ${items.length}`;
    const name = `${pointer}${row.isOpen ? glyphs.open : glyphs.closed} ${groupTitle(group)}`;
    const title = `${fitCells(name, widths.name - count.length - 1, 'left', glyphs.ellipsis)} ${count}`;
    const limitMiB = items.reduce((sum, item) => sum + (item.start ? (item.limitMiB ?? 0) : 0), 0);
    return layoutCells(
      [
        cell(title, isSelected ? 'accent' : 'strong'),
        cell(expectedText(startMiB, false, plan.memory), 'plain', 'right'),
        cell(formatBar(startMiB / scaleMiB, widths.bar, glyphs), 'accent'),
        cell(formatMiB(limitMiB), 'dim', 'right'),
      ],
      [widths.name, widths.expected, widths.bar, widths.limit],
      glyphs,
    );
  }
  const { item } = row;
  const leftOut = state.choices.leftOut ?? state.draft.value?.leftOut ?? [];
  const isLeftOut = leftOut.includes(item.name);
  const willStart = item.start && !isLeftOut;
  const name = `${pointer}  ${willStart ? glyphs.checked : glyphs.unchecked} ${item.name}`;
  const expected = expectedText(item.expectedMiB, item.isMeasured === true, plan.memory);
  const tone: Tone = isSelected ? 'accent' : willStart ? 'plain' : 'dim';
  if (!willStart) {
    const planned = plan.services.find(service => service.name === item.name);
    const reason = isLeftOut ? 'left out by you' : (planned?.reason ?? 'does not start');
    if (widths.bar === 0) {
      const text = [span(truncateEnd(name, widths.name, glyphs.ellipsis), tone), span(`  ${reason}`, 'dim')];
      return truncateLine(text, contentWidth(viewport), glyphs);
    }
    return line(
      span(fitCells(name, widths.name, 'left', glyphs.ellipsis), tone),
      span(`  ${expected.padStart(widths.expected)}`, 'dim'),
      span(`  ${reason}`, 'dim'),
    );
  }
  return layoutCells(
    [
      cell(name, tone),
      cell(expected, 'plain', 'right'),
      cell(formatBar(item.expectedMiB / scaleMiB, widths.bar, glyphs), 'dim'),
      cell(item.limitMiB === undefined ? 'no limit' : formatMiB(item.limitMiB), 'dim', 'right'),
    ],
    [widths.name, widths.expected, widths.bar, widths.limit],
    glyphs,
  );
}

/** The budget as one bar: what starts, the reserve, what is left. */
function budgetBar(fit: MemoryFit, cells: number, viewport: Viewport): Line {
  const { barFull, barMedium, barEmpty, border } = viewport.glyphs;
  const scale = Math.max(fit.budgetMiB, fit.startMiB + fit.reserveMiB);
  const start = Math.min(cells, Math.round((fit.startMiB / scale) * cells));
  const reserve = Math.min(cells - start, Math.round((fit.reserveMiB / scale) * cells));
  return line(
    span(border, 'dim'),
    span(barFull.repeat(start), verdictWords[fit.verdict].tone),
    span(barMedium.repeat(reserve), 'warn'),
    span(barEmpty.repeat(cells - start - reserve), 'dim'),
    span(border, 'dim'),
  );
}

function verdictText(fit: MemoryFit): string {
  switch (fit.verdict) {
    case 'fits':
      return `${formatMiB(fit.headroomMiB)} stay free.`;
    case 'tight':
      return `Only ${formatMiB(fit.headroomMiB)} stay free.`;
    case 'does-not-fit':
      return `${formatMiB(-fit.headroomMiB)} too much.`;
  }
}

const suggestionText = (fit: MemoryFit): string =>
  fit.suggestions.map(suggestion => `${suggestion.name} saves ${formatMiB(suggestion.savesMiB)}`).join(', ');

function totals(fit: MemoryFit, isPending: boolean, viewport: Viewport): readonly Line[] {
  const width = contentWidth(viewport);
  const { word, tone } = verdictWords[fit.verdict];
  const verdict = isPending
    ? line(span(`Working it out again ${viewport.glyphs.ellipsis}`, 'dim'))
    : line(span(word, tone), span(`  ${verdictText(fit)}`));
  const suggestions =
    fit.suggestions.length === 0 ? [] : paragraph(`Leave out: ${suggestionText(fit)}.`, viewport, 'warn');
  const measured = measuredText(fit).flatMap(text => paragraph(`* ${text}`, viewport, 'dim'));
  if (!isRoomy(viewport)) return [verdict, ...measured, ...suggestions];
  const { barFull, barMedium } = viewport.glyphs;
  const legend = line(
    span(barFull, tone),
    ` ${formatGB(fit.startMiB)} GB start  `,
    span(barMedium, 'warn'),
    ` ${formatGB(fit.reserveMiB)} GB system`,
    ...(width < 58 ? [] : [`  of ${formatRoundGB(fit.budgetMiB)}`]),
  );
  const limits =
    fit.limitMiB > fit.budgetMiB ? ` Limits add up to ${formatMiB(fit.limitMiB)}: ceilings, not needs.` : '';
  return [
    legend,
    [...budgetBar(fit, Math.min(60, width - 9), viewport), span(` ${formatRoundGB(fit.budgetMiB)}`, 'dim')],
    isPending ? verdict : [...verdict, span(limits, 'dim')],
    ...measured,
    ...suggestions,
  ];
}

export function presentMemory(state: WizardState, viewport: Viewport): Parts {
  const draft = state.draft.value;
  if (state.draft.error !== undefined) {
    return failureParts('The plan could not be made.', 'try again', state.draft.error, viewport);
  }
  if (draft === undefined) {
    return {
      head: [],
      body: busyLines('Working out what will start and what it needs', viewport),
      foot: [],
    };
  }
  const fit = draft.plan.memory;
  const rows = memoryRows(fit, state.memory.openGroups);
  const scaleMiB = Math.max(1, ...fit.groups.map(group => group.startMiB));
  const widths = columnWidths(contentWidth(viewport));
  const heading = layoutCells(
    [
      cell('Does it fit?', 'strong'),
      cell('expected', 'dim', 'right'),
      cell('', 'dim'),
      cell('limit', 'dim', 'right'),
    ],
    [widths.name, widths.expected, widths.bar, widths.limit],
    viewport.glyphs,
  );
  const index = rows.findIndex(row => row.id === state.memory.selected);
  return {
    head: [heading],
    body: rows.map(row => rowCells(row, state, draft.plan, viewport, scaleMiB)),
    ...(index < 0 ? {} : { focus: { from: index, to: index } }),
    foot: totals(fit, state.draft.isPending, viewport),
  };
}
