/** What was interrupted, and the ways on. */

import type { ErrorReport } from '../../core/error.ts';
import type { PastRun } from '../../core/run/run-history.ts';
import { modeToGoBackTo, type WayOn } from '../../core/run/ways-on.ts';
import { busyLines, errorLines, labelled, paragraph, titleLine } from './common.ts';
import { composeScreen, contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import { wrapWords } from './format.ts';
import { footerLine, type KeyBinding } from './key-hints.ts';
import { emptyLine, type Line, line, span } from './tone.ts';

export type InterruptedState = {
  readonly run: PastRun;
  readonly ways: readonly WayOn[];
  readonly selected: number;
  /** The chosen way is being begun. */
  readonly isBusy: boolean;
  readonly error: ErrorReport | undefined;
};

export const interruptedKeys: readonly KeyBinding[] = [
  { command: 'up', keys: ['up', 'k'], label: undefined, explanation: 'The answer above' },
  { command: 'down', keys: ['down', 'j'], label: undefined, explanation: 'The answer below' },
  ...(['1', '2', '3'] as const).map(key => ({
    command: key,
    keys: [key],
    label: undefined,
    explanation: `The answer ${key}`,
  })),
  { command: 'choose', keys: ['enter'], label: 'do it', explanation: 'Do what is selected' },
  { command: 'quit', keys: ['q', 'ctrl-c', 'escape'], label: 'quit', explanation: 'Leave', display: 'q' },
];

function wayText(way: WayOn, { run }: InterruptedState): string {
  switch (way) {
    case 'continue':
      return `Continue the ${run.what}: every step looks first whether it is already true.`;
    case 'go-back':
      return `Go back to ${modeToGoBackTo(run)} mode.`;
    case 'look':
      return 'Only look at the status.';
    case 'begin-again':
      return 'Go through the set-up again; what was typed before was not kept.';
  }
}

/** `2026-01-31 14:05:10 UTC` */
const timeText = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`;

function wayLines(state: InterruptedState, viewport: Viewport): readonly Line[] {
  return state.ways.flatMap((way, index) => {
    const isSelected = index === state.selected;
    return wrapWords(wayText(way, state), contentWidth(viewport) - 4).map((text, row) =>
      line(
        span(isSelected && row === 0 ? `${viewport.glyphs.pointer} ` : '  ', 'accent'),
        span(row === 0 ? `${index + 1} ` : '  ', 'accent'),
        span(text, isSelected ? 'strong' : 'plain'),
      ),
    );
  });
}

export function presentInterrupted(state: InterruptedState, viewport: Viewport): readonly Line[] {
  const { run, error, isBusy } = state;
  const air: readonly Line[] = isRoomy(viewport) ? [emptyLine] : [];
  const step = 'step' in run.end ? run.end.step : undefined;
  const facts = [
    ...paragraph(`${viewport.glyphs.bad} Interrupted: ${run.what}`, viewport, 'warn'),
    ...air,
    ...(step === undefined ? [] : labelled('Step', step, viewport)),
    ...labelled('Last heard', timeText(run.lastAt), viewport),
    ...labelled(
      'Means',
      'Its process is gone: a power cut, a reboot, or somebody ended it. What was finished stays.',
      viewport,
    ),
    ...air,
  ];
  const answer = isBusy ? busyLines('Looking at what is true now', viewport) : wayLines(state, viewport);
  return composeScreen(
    {
      title: titleLine(viewport, {
        name: 'HomeIQ',
        mode: run.plan.mode,
        from: run.plan.from,
        level: run.plan.level,
        right: [],
      }),
      head: [],
      body: [...facts, ...answer, ...(error === undefined ? [] : [...air, ...errorLines(error, viewport)])],
      foot: [],
      footer: footerLine(interruptedKeys, contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
}
