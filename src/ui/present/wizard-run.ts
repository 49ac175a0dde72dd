/** Screen 6: where is it, is it stuck, what if I close this; then how it ended. */

import type { ServiceLog, WizardState } from '../../app/wizard/wizard-state.ts';
import { blockingService, modeToGoBackTo } from '../../core/run/blocking-service.ts';
import { isRunOver, type RunState } from '../../core/run/reduce-run.ts';
import { busyLines, errorLines, labelled, modeWord, paragraph } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import { wrapWords } from './format.ts';
import { logLines, runLines } from './run.ts';
import { failureLines, summaryLines } from './run-end.ts';
import { type Line, line, span } from './tone.ts';

type Parts = {
  readonly head: readonly Line[];
  readonly body: readonly Line[];
  readonly foot: readonly Line[];
  readonly focus?: { readonly from: number; readonly to: number };
  readonly scroll?: number;
  readonly fromEnd?: number;
};

const busy = (text: string, viewport: Viewport): Parts => ({
  head: [],
  body: busyLines(text, viewport),
  foot: [],
});

function followedParts(state: WizardState, nowMs: number, comeBack: string, viewport: Viewport): Parts {
  const run = state.run?.state;
  if (run === undefined) return busy('Reading the journal of the run', viewport);
  const isRehearsal = state.level === 'rehearsal';
  if (run.status === 'starting') return busy('The worker starts', viewport);
  const { body, focus } = runLines(run, nowMs, viewport);
  const stay = isRehearsal
    ? 'A rehearsal ends with this window and changes nothing outside a temporary folder.'
    : isRoomy(viewport)
      ? `You can close this window: the work goes on. Come back with: ${comeBack}`
      : `Goes on without this window.`;
  const asked = state.run?.isStopAsked ? 'Stopping after what is being done now. Finished steps stay.' : stay;
  return {
    head: [],
    body,
    ...(focus === undefined ? {} : { focus }),
    foot: paragraph(asked, viewport, state.run?.isStopAsked ? 'warn' : 'dim'),
  };
}

/** The end of the log of the service that blocks the others, the newest line at the bottom. */
function serviceLogParts({ service, lines }: ServiceLog, scroll: number, viewport: Viewport): Parts {
  const head = [line(span(`Log of ${service}`, 'strong'), span('  its end', 'dim'))];
  if (lines === undefined) return { head, body: busyLines('Reading it', viewport), foot: [] };
  const body = lines.flatMap(text => wrapWords(text, contentWidth(viewport)).map(part => line(part)));
  return {
    head,
    body: body.length === 0 ? [line(span('It is empty.', 'dim'))] : body,
    fromEnd: scroll,
    foot: [],
  };
}

/** What there is to choose from after a switch that failed. */
function choiceLines(run: RunState, viewport: Viewport): readonly Line[] {
  const left = modeToGoBackTo(run);
  if (left === undefined) return [];
  const service = blockingService(run);
  return [
    ...labelled('Choose', 'r: keep trying, from what is done already', viewport),
    ...(service === undefined
      ? []
      : labelled('', `l: the log of ${service}, which keeps the others`, viewport)),
    ...labelled(
      '',
      `b: back to ${modeWord(left)}; this mode is stopped, ${modeWord(left)} started`,
      viewport,
    ),
  ];
}

export function presentRun(state: WizardState, nowMs: number, comeBack: string, viewport: Viewport): Parts {
  const { run } = state;
  if (run === undefined) return busy('Starting', viewport);
  if (run.showLog) {
    const lines = logLines(run.state, viewport);
    return {
      head: [line(span('What was said, with the time since the start', 'strong'))],
      body: lines.length === 0 ? [line(span('Nothing yet.', 'dim'))] : lines,
      fromEnd: state.scroll,
      foot: [],
    };
  }
  if (run.serviceLog !== undefined) return serviceLogParts(run.serviceLog, state.scroll, viewport);
  switch (run.kind) {
    case 'preparing':
      return busy('Looking at what is already true', viewport);
    case 'starting':
      return busy('Handing the plan to the worker', viewport);
    case 'not-started':
      return {
        head: [],
        body: [
          ...paragraph(
            `${viewport.glyphs.bad} The run could not start. Nothing was changed.`,
            viewport,
            'bad',
          ),
          ...(run.error === undefined ? [] : errorLines(run.error, viewport)),
        ],
        foot: [],
      };
    case 'following': {
      if (run.state.status === 'done') {
        return {
          head: [],
          body: summaryLines(run.state, comeBack, viewport),
          scroll: state.scroll,
          foot: [],
        };
      }
      if (!isRunOver(run.state)) return followedParts(state, nowMs, comeBack, viewport);
      return {
        head: [],
        body: [
          ...failureLines(run.state, viewport, choiceLines(run.state, viewport)),
          ...(run.error === undefined ? [] : errorLines(run.error, viewport)),
        ],
        scroll: state.scroll,
        foot: [],
      };
    }
  }
}
