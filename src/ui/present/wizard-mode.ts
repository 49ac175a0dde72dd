/** Screen 2: what is the difference between the modes, and what is safe? */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import { type Mode, modeFacts, modes } from '../../core/mode/mode.ts';
import { modeTone, modeWord, paragraph } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import { formatCount, formatGB, formatRoundGB, wrapWords } from './format.ts';
import { emptyLine, type Line, line, span } from './tone.ts';

const daySeconds = 86_400;

/** What each mode means to the operator, the most important first. */
function meanings(mode: Mode, days: number): readonly string[] {
  return mode === 'test'
    ? [
        `A Home Assistant of its own in a container; data kept ${days} days`,
        'Calls no external API, may make synthetic data',
        'Asks nothing of you',
      ]
    : [
        `Your Home Assistant; data kept ${days} days`,
        'Calls external APIs for which you give a key',
        'Needs the address and a token of your Home Assistant',
      ];
}

/** Where there is a deployment, the other mode is a switch. */
function activeText({ activeMode }: WizardState, mode: Mode): readonly string[] {
  if (activeMode === undefined) return [];
  return activeMode === mode
    ? ['The mode of this deployment']
    : [`A switch: ${modeWord(activeMode)} is stopped first, its data stays`];
}

function optionLines(state: WizardState, mode: Mode, index: number, viewport: Viewport): readonly Line[] {
  const width = contentWidth(viewport);
  const isSelected = state.choices.mode === mode;
  const offer = state.offers.find(candidate => candidate.mode === mode);
  const days = offer?.retentionDays ?? (modeFacts[mode].buckets[0]?.retentionSeconds ?? 0) / daySeconds;
  const budgetMiB = state.draft.value?.plan.memory.budgetMiB;
  // The line is there before its figures are: nothing moves when they come.
  const size =
    offer === undefined
      ? ['Counting its services ...']
      : [
          `${formatCount(offer.services, 'service')}, about ${formatGB(offer.expectedMiB)} ${
            budgetMiB === undefined ? 'GB' : `of ${formatRoundGB(budgetMiB)}`
          }`,
        ];
  const place = activeText(state, mode);
  // On a low screen only the mode that is pointed at tells all about itself.
  const texts = isSelected || isRoomy(viewport) ? [...place, ...size, ...meanings(mode, days)] : size;
  const isWide = width >= 70;
  const indent = isWide ? 18 : 4;
  const wrapped = texts.flatMap(text => wrapWords(text, width - indent));
  const pointer = span(isSelected ? `${viewport.glyphs.pointer} ` : '  ', 'accent');
  const head = [
    pointer,
    span(`${index + 1} `, 'accent'),
    span(modeWord(mode), isSelected ? modeTone(mode) : 'strong'),
  ];
  const tone = isSelected ? 'plain' : 'dim';
  if (!isWide) return [head, ...wrapped.map(text => line('    ', span(text, tone)))];
  const [first = '', ...others] = wrapped;
  const gap = ' '.repeat(indent - 4 - modeWord(mode).length);
  return [
    [...head, span(gap), span(first, tone)],
    ...others.map(text => line(' '.repeat(indent), span(text, tone))),
  ];
}

export function presentMode(
  state: WizardState,
  viewport: Viewport,
): {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
  readonly focus: { readonly from: number; readonly to: number };
} {
  const options = modes.map((mode, index) => optionLines(state, mode, index, viewport));
  const between: readonly Line[] = isRoomy(viewport) ? [emptyLine] : [];
  const [first = [], second = []] = options;
  const body = [...first, ...between, ...second];
  const start = state.choices.mode === modes[0] ? 0 : first.length + between.length;
  const length = state.choices.mode === modes[0] ? first.length : second.length;
  return {
    head: paragraph('Which mode should run here? Only one runs at a time.', viewport),
    body,
    focus: { from: start, to: start + length - 1 },
    foot: isRoomy(viewport)
      ? paragraph(
          "Test never writes into production's buckets. To change later: homeiq switch",
          viewport,
          'dim',
        )
      : [],
  };
}
