/** What is known of the operator's Home Assistant: under its settings, in the question about it, and on the review. */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import { correctedAddress, describeFinding, type FindingText } from '../../core/home-assistant/finding.ts';
import { homeAssistantKeys } from '../../core/home-assistant/keys.ts';
import { describeWithoutHomeAssistant } from '../../core/home-assistant/without.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import { labelled } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import { wrapWords } from './format.ts';
import { type Line, line, span, type Tone } from './tone.ts';

const tones: Readonly<Record<FindingText['tone'], Tone>> = { good: 'good', note: 'warn', problem: 'bad' };

const indented = (text: string, tone: Tone, glyph: string, viewport: Viewport): readonly Line[] =>
  wrapWords(text, contentWidth(viewport) - 6).map((part, index) =>
    line(span(index === 0 ? `    ${glyph} ` : '      ', tone), span(part, tone)),
  );

/** Under the row of the setting `key`: that it is asked, what it said, and what to take instead. */
export function homeAssistantLines(key: string, state: WizardState, viewport: Viewport): readonly Line[] {
  const { finding, isChecking, asked } = state.homeAssistant;
  const { glyphs } = viewport;
  const isAddress = key === homeAssistantKeys.address;
  if (asked === undefined || (!isAddress && key !== homeAssistantKeys.token)) return [];
  // What is being typed now has not been asked.
  if (state.settings.editing?.key === key) return [];
  if (isChecking) {
    return isAddress ? indented('asking Home Assistant ...', 'dim', glyphs.running, viewport) : [];
  }
  if (finding === undefined) return [];
  const said = describeFinding(finding);
  if ((said.subject === 'address') !== isAddress) return [];
  const glyph = { good: glyphs.good, note: glyphs.note, problem: glyphs.bad }[said.tone];
  const corrected = correctedAddress(finding);
  return [
    ...indented(said.text, tones[said.tone], glyph, viewport),
    ...(isRoomy(viewport) ? said.hints.flatMap(hint => indented(hint, 'dim', ' ', viewport)) : []),
    ...(corrected === undefined
      ? []
      : [line(span('      ctrl-t', 'accent'), span(' takes ', 'plain'), span(corrected, 'strong'))]),
  ];
}

/** Why Home Assistant stands in the way, in sentences. */
export function homeAssistantQuestion(state: WizardState): readonly string[] {
  const { finding } = state.homeAssistant;
  if (finding !== undefined) {
    const { text, hints } = describeFinding(finding);
    // A missing token is no finding: the address is right.
    if (finding.kind !== 'open') return [text, ...hints];
  }
  return [
    "Home Assistant's address and token are not both given.",
    describeWithoutHomeAssistant(state.draft.value?.plan.services ?? []),
  ];
}

/** On the review: what was found, or what will not work. */
export function homeAssistantReview(state: WizardState, viewport: Viewport): readonly Line[] {
  if (modeFacts[state.choices.mode].homeAssistant !== 'operator') return [];
  const { finding, asked, isSkipped } = state.homeAssistant;
  const say = (text: string, tone: Tone): readonly Line[] => labelled('Home Asst.', text, viewport, { tone });
  if (finding?.kind === 'accepted')
    return say(`${finding.version} at ${asked?.address}, token accepted`, 'good');
  if (!isSkipped) return [];
  if (finding === undefined || finding.kind === 'open') {
    return say('not given: no events are recorded until it is (homeiq, settings)', 'warn');
  }
  return say(
    `not as it should be, taken all the same: ${describeFinding(finding).text} No events are recorded until it answers.`,
    'warn',
  );
}
