/** How a run ended: where everything is, or what went wrong, what stays and what to do. */

import { blockingStep, type RunState } from '../../core/run/reduce-run.ts';
import { runsAgain } from '../../core/run/run-ending.ts';
import { errorLines, labelled, labelledPairs, modeWord, paragraph } from './common.ts';
import { isRoomy, type Viewport } from './compose-screen.ts';
import { serviceCounts } from './run.ts';
import { emptyLine, type Line } from './tone.ts';

/** Where the journal of a run is. */
export const journalPath = (state: RunState): string | undefined =>
  state.plan === undefined || state.runId === undefined
    ? undefined
    : `${state.plan.folder}/.homeiq/runs/${state.runId}.jsonl`;

/** How it is after a run that went back; without a full stop. */
export function wentBackText({ plan }: RunState): string {
  const mode = plan === undefined ? 'The mode that was left' : modeWord(plan.mode);
  return plan === undefined || runsAgain(plan) ? `${mode} runs again` : `${mode} is stopped, as before`;
}

/** Why a run did not come to its end, what stays, and what to do. */
export function failureLines(
  state: RunState,
  viewport: Viewport,
  choices: readonly Line[] = [],
): readonly Line[] {
  const step = blockingStep(state);
  const done = state.steps.filter(item => item.status === 'done').map(item => item.title);
  const path = journalPath(state);
  const headline: Record<'failed' | 'stopped' | 'rolled-back' | 'lost', string> = {
    failed: `Failed at: ${step?.title ?? 'the start'}`,
    stopped: `Stopped as you asked${step === undefined ? '' : `, at: ${step.title}`}`,
    'rolled-back': `Failed at: ${step?.title ?? 'the start'}. ${wentBackText(state)}`,
    lost: `The work broke off${step === undefined ? '' : ` at: ${step.title}`}: its process is gone`,
  };
  const { status: ended } = state;
  const status = ended === 'stopped' || ended === 'lost' || ended === 'rolled-back' ? ended : 'failed';
  return [
    ...paragraph(
      `${status === 'stopped' ? viewport.glyphs.note : viewport.glyphs.bad} ${headline[status]}`,
      viewport,
      status === 'stopped' ? 'warn' : 'bad',
    ),
    ...(isRoomy(viewport) ? [emptyLine] : []),
    ...(step?.error === undefined ? [] : errorLines(step.error, viewport)),
    ...choices,
    // What went back has left nothing to go on from.
    ...(status === 'rolled-back'
      ? []
      : labelled(
          'Stays',
          done.length === 0 ? 'nothing was done' : `${done.join(', ')}. The next start goes on from here.`,
          viewport,
        )),
    ...(path === undefined ? [] : labelled('Log', path, viewport)),
  ];
}

/** Which file holds which secret; files of the deployment folder are named from there. */
function credentialLines(state: RunState, viewport: Viewport): readonly Line[] {
  const credentials = state.summary?.credentials ?? [];
  if (credentials.length === 0) return [];
  const isInFolder = credentials.some(({ file }) => !file.startsWith('/'));
  const folder = isInFolder && state.plan !== undefined ? `in ${state.plan.folder}` : 'in these files';
  return [
    ...labelled('Secrets', folder, viewport),
    ...labelledPairs(
      '',
      credentials.map(({ what, file }) => [what, file]),
      viewport,
    ),
  ];
}

/** How the operator comes back here; a rehearsal leaves nothing to come back to. */
function wayBackLines(state: RunState, comeBack: string, viewport: Viewport): readonly Line[] {
  if (state.plan?.level === 'rehearsal') {
    return labelled(
      'Next',
      'This was a rehearsal, and nothing of it stays. For the real thing: homeiq',
      viewport,
    );
  }
  return [
    ...labelled('Come back', comeBack, viewport, { tone: 'strong' }),
    ...labelled('Stop it', `${comeBack} stop`, viewport, { tone: 'strong' }),
  ];
}

/** The end of a set-up: where everything is, how to come back, what was left out. */
export function summaryLines(state: RunState, comeBack: string, viewport: Viewport): readonly Line[] {
  const { summary, plan } = state;
  const air = isRoomy(viewport) ? [emptyLine] : [];
  const { up, all } = serviceCounts(state);
  const mode = plan === undefined ? '' : ` in ${modeWord(plan.mode)} mode`;
  const isVerified = state.services.length > 0;
  const counts = isVerified ? `${up} of ${all} services up` : `${all} services up`;
  const changed = state.changed === false ? 'Nothing had to be changed. ' : '';
  const leftOut = summary?.leftOut ?? [];
  return [
    ...paragraph(
      `${viewport.glyphs.good} HomeIQ runs${mode}: ${counts}. ${changed}`.trimEnd(),
      viewport,
      'good',
    ),
    ...air,
    ...labelledPairs('Open', summary?.addresses.map(({ name, url }) => [name, url]) ?? [], viewport),
    ...credentialLines(state, viewport),
    ...leftOut.flatMap((item, index) =>
      labelled(index === 0 ? 'Left out' : '', `${item.service}: ${item.reason}`, viewport),
    ),
    ...(summary?.notes.flatMap((note, index) =>
      labelled(index === 0 ? 'Note' : '', note, viewport, { tone: 'warn' }),
    ) ?? []),
    ...wayBackLines(state, comeBack, viewport),
  ];
}
