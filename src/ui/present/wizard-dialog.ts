/** Questions that stand in the way of the next step. Each says what its answers mean before they are given. */

import type { Dialog, DialogAnswer, WizardState } from '../../app/wizard/wizard-state.ts';
import { correctedAddress } from '../../core/home-assistant/finding.ts';
import { blockingStep } from '../../core/run/reduce-run.ts';
import { paragraph } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import { formatMiB, wrapWords } from './format.ts';
import { emptyLine, type Line, line, span } from './tone.ts';
import { homeAssistantQuestion } from './wizard-home-assistant.ts';

function question(dialog: Dialog, state: WizardState): string {
  const data = state.run?.state === undefined ? undefined : blockingStep(state.run.state)?.error?.deletesData;
  const offer = state.draft.value?.cloneOffer;
  const short = -(state.draft.value?.plan.memory.headroomMiB ?? 0);
  switch (dialog.kind) {
    case 'does-not-fit':
      return `This does not fit: ${formatMiB(short)} are missing. Services would be killed for memory, without order.`;
    case 'clone':
      return offer === undefined
        ? "Some images are neither here nor can they be pulled. HomeIQ's source is needed to build them."
        : `Some images are neither here nor can they be pulled. They can be built from HomeIQ's source (${offer.url} at ${offer.revision.slice(0, 10)}).`;
    case 'home-assistant':
      return homeAssistantQuestion(state).join(' ');
    case 'delete-data':
      return `${data ?? 'The data'} would be deleted with everything in it, and made anew. There is no way back.`;
    case 'interrupt':
      return state.level === 'rehearsal'
        ? 'The rehearsal is under way. It ends when this window closes.'
        : `The ${state.run?.state.plan?.from === undefined ? 'set-up' : 'switch'} is under way, in a process of its own.`;
  }
}

function answerText(answer: DialogAnswer, dialog: Dialog, state: WizardState): string {
  const draft = state.draft.value;
  switch (answer) {
    case 'take-suggestions': {
      const suggestions = draft?.plan.memory.suggestions ?? [];
      const saved = suggestions.reduce((sum, suggestion) => sum + suggestion.savesMiB, 0);
      return `Leave out ${suggestions.map(suggestion => suggestion.name).join(', ')}: saves ${formatMiB(saved)}`;
    }
    case 'accept-risk':
      return 'Start all of it anyway, at my own risk';
    case 'fetch-source': {
      const offer = draft?.cloneOffer;
      return offer === undefined
        ? 'Fetch the source and build'
        : `Fetch and build: ${offer.downloadMB} MB to download, ${offer.diskGB} GB on disk, about ${offer.minutes} min`;
    }
    case 'leave-running':
      return state.level === 'rehearsal' ? 'End the rehearsal' : 'Leave it running and close this window';
    case 'stop-run':
      return 'Stop it after what is being done now; finished steps stay';
    case 'take-correction': {
      const { finding } = state.homeAssistant;
      return `Take ${finding === undefined ? 'the address' : correctedAddress(finding)} instead`;
    }
    case 'check-again':
      return 'Ask Home Assistant again';
    case 'skip-home-assistant':
      return state.homeAssistant.finding === undefined || state.homeAssistant.finding.kind === 'open'
        ? 'Go on without Home Assistant; it can be given later'
        : 'Go on all the same; no events are recorded until it answers';
    case 'delete-data':
      return 'Delete it and start afresh';
    case 'cancel':
      if (dialog.kind === 'home-assistant') return 'Go back and give them, or change them';
      if (dialog.kind === 'delete-data') return 'Keep it';
      return dialog.kind === 'interrupt' ? 'Go on watching' : 'Go back and choose myself';
  }
}

export function presentDialog(
  dialog: Dialog,
  state: WizardState,
  viewport: Viewport,
): {
  readonly body: readonly Line[];
  readonly focus: { readonly from: number; readonly to: number };
} {
  const air: readonly Line[] = isRoomy(viewport) ? [emptyLine] : [];
  const body: Line[] = [...paragraph(question(dialog, state), viewport, 'warn'), ...air];
  let focus = { from: 0, to: 0 };
  for (const [index, answer] of dialog.answers.entries()) {
    const isSelected = index === dialog.selected;
    const wrapped = wrapWords(answerText(answer, dialog, state), contentWidth(viewport) - 4);
    if (isSelected) focus = { from: body.length, to: body.length + wrapped.length - 1 };
    for (const [row, text] of wrapped.entries()) {
      body.push(
        line(
          span(isSelected && row === 0 ? `${viewport.glyphs.pointer} ` : '  ', 'accent'),
          span(row === 0 ? `${index + 1} ` : '  ', 'accent'),
          span(text, isSelected ? 'strong' : 'plain'),
        ),
      );
    }
  }
  return { body, focus };
}
