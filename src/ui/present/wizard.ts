/** The wizard as lines of the terminal: from its state to exactly what is drawn. */

import type { WizardState, WizardStep } from '../../app/wizard/wizard-state.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { paragraph, titleLine } from './common.ts';
import { composeScreen, contentWidth, type ScreenParts, type Viewport } from './compose-screen.ts';
import { formatClock } from './format.ts';
import { footerLine } from './key-hints.ts';
import { elapsedMs } from './run.ts';
import type { Line } from './tone.ts';
import { presentDialog } from './wizard-dialog.ts';
import { wizardKeys } from './wizard-keys.ts';
import { presentMachine } from './wizard-machine.ts';
import { presentMemory } from './wizard-memory.ts';
import { presentMode } from './wizard-mode.ts';
import { presentReview } from './wizard-review.ts';
import { presentRun } from './wizard-run.ts';
import { presentSettings } from './wizard-settings.ts';

export type WizardPresentation = {
  readonly nowMs: number;
  /** The command that brings the operator back here, for example `homeiq`. */
  readonly comeBack: string;
};

const stepNumbers: Readonly<Record<WizardStep, number>> = {
  machine: 1,
  mode: 2,
  memory: 3,
  settings: 4,
  review: 5,
  run: 6,
};

/** The mode that is left, as long as it is not left for good. */
function modeLeft({ step, run, draft, activeMode, isSwitch, choices }: WizardState): Mode | undefined {
  if (step === 'run' && run?.kind === 'following') {
    const { plan, status } = run.state;
    return status === 'done' || status === 'rolled-back' ? undefined : plan?.from;
  }
  const { value, isPending } = draft;
  if (value !== undefined && !isPending) return value.plan.from;
  return isSwitch && activeMode !== choices.mode ? activeMode : undefined;
}

function titleRight(state: WizardState, nowMs: number, separator: string): readonly string[] {
  const number = stepNumbers[state.step];
  const place = `step ${number} of 6`;
  const short = `${number}/6`;
  if (state.step === 'run') {
    const clock = state.run?.kind === 'following' ? formatClock(elapsedMs(state.run.state, nowMs)) : '';
    return clock === '' ? [place, short] : [clock];
  }
  // A switch has no first steps to count from.
  if (state.isSwitch) return [state.step];
  const host = state.machine.kind === 'checked' ? state.machine.report.hostname : undefined;
  return [...(host === undefined ? [] : [`${host} ${separator} ${place}`]), place, short];
}

type Body = Omit<ScreenParts, 'title' | 'footer'>;

function bodyOf(state: WizardState, viewport: Viewport, presentation: WizardPresentation): Body {
  if (state.dialog !== undefined) {
    return { head: [], ...presentDialog(state.dialog, state, viewport), foot: [] };
  }
  switch (state.step) {
    case 'machine':
      return { ...presentMachine(state, viewport), scroll: state.scroll };
    case 'mode':
      return presentMode(state, viewport);
    case 'memory':
      return presentMemory(state, viewport);
    case 'settings':
      return presentSettings(state, viewport);
    case 'review':
      return { ...presentReview(state, viewport), scroll: state.scroll };
    case 'run':
      return presentRun(state, presentation.nowMs, presentation.comeBack, viewport);
  }
}

/** Exactly `viewport.rows` lines, none wider than `viewport.columns`. */
export function presentWizard(
  state: WizardState,
  viewport: Viewport,
  presentation: WizardPresentation,
): readonly Line[] {
  const isWide = viewport.columns >= 60;
  const body = bodyOf(state, viewport, presentation);
  const notice = state.notice === undefined ? [] : paragraph(state.notice, viewport, 'warn');
  return composeScreen(
    {
      ...body,
      foot: [...notice, ...body.foot],
      title: titleLine(viewport, {
        name: isWide ? `HomeIQ ${state.isSwitch ? 'switch' : 'setup'}` : 'HomeIQ',
        mode: state.isModeChosen || state.step === 'mode' ? state.choices.mode : undefined,
        from: modeLeft(state),
        level: state.level,
        right: titleRight(state, presentation.nowMs, viewport.glyphs.separator),
      }),
      footer: footerLine(wizardKeys(state), contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
}
