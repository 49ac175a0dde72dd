/** A run as lines: what is done, what is at work, what is to come. Shared by the screen and the plain rendering. */

import {
  isServiceUp,
  type RunImageState,
  type RunServiceState,
  type RunState,
  type StepState,
} from '../../core/run/reduce-run.ts';
import { isNarrow } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import {
  fitCells,
  formatClock,
  formatDuration,
  formatTransfer,
  spread,
  textWidth,
  truncateLine,
} from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { type Line, line, span, type Tone } from './tone.ts';

const stepTones: Readonly<Record<StepState['status'], Tone>> = {
  pending: 'dim',
  running: 'accent',
  done: 'good',
  failed: 'bad',
};

function stepGlyph(step: StepState, glyphs: Glyphs): string {
  switch (step.status) {
    case 'pending':
      return glyphs.waiting;
    case 'running':
      return glyphs.running;
    case 'done':
      return glyphs.good;
    case 'failed':
      return glyphs.bad;
  }
}

/** How many services are up, of those that will start. */
export function serviceCounts(state: RunState): { readonly up: number; readonly all: number } {
  const planned = state.plan?.services.filter(service => service.start).map(service => service.name);
  const counted = state.services.filter(service => planned?.includes(service.name) ?? true);
  return {
    up: counted.filter(service => isServiceUp(service.phase)).length,
    all: planned?.length ?? counted.length,
  };
}

const isPulling = ({ images }: RunState): boolean => images.some(({ phase }) => phase === 'pulling');

/** What a step has to say now: its summary when done, else where it is. */
function stepText(step: StepState, state: RunState): string {
  switch (step.status) {
    case 'pending':
      return '';
    case 'done':
      return step.changed === false && step.summary === '' ? 'already as wanted' : (step.summary ?? '');
    case 'failed':
      return step.error?.message ?? '';
    case 'running': {
      if (step.id === 'services') {
        const { up, all } = serviceCounts(state);
        return `${up} of ${all} up`;
      }
      if (step.id === 'images' && state.transfer !== undefined && isPulling(state)) {
        return `${formatTransfer(state.transfer)} in all`;
      }
      return step.detail ?? '';
    }
  }
}

function stepTime(step: StepState, nowMs: number): string {
  if (step.durationMs !== undefined) return formatDuration(step.durationMs);
  if (step.status !== 'running' || step.startedAt === undefined) return '';
  return formatClock(nowMs - Date.parse(step.startedAt));
}

/** A step; on a narrow screen what it says now stands below it, and what it said when it was done is in the log. */
function stepLines(step: StepState, state: RunState, nowMs: number, viewport: Viewport): readonly Line[] {
  const width = contentWidth(viewport);
  const { glyphs } = viewport;
  const glyph = span(`${stepGlyph(step, glyphs)} `, stepTones[step.status]);
  const titleTone: Tone = step.status === 'pending' ? 'dim' : 'strong';
  const text = stepText(step, state);
  const time = stepTime(step, nowMs);
  const right = time === '' ? [] : [span(time, 'dim')];
  if (isNarrow(viewport)) {
    const head = spread([glyph, span(step.title, titleTone)], right, width, glyphs);
    const isTold = text !== '' && (step.status === 'running' || step.status === 'failed');
    return isTold ? [head, truncateLine([span(`    ${text}`)], width, glyphs)] : [head];
  }
  const titleWidth = Math.min(28, Math.max(...state.steps.map(item => textWidth(item.title))));
  const title = span(fitCells(step.title, titleWidth, 'left', glyphs.ellipsis), titleTone);
  const said = span(`  ${text}`, step.status === 'failed' ? 'bad' : 'plain');
  return [spread(text === '' ? [glyph, title] : [glyph, title, said], right, width, glyphs)];
}

const phaseWords: Readonly<Record<RunServiceState['phase'], string>> = {
  waiting: 'waits',
  creating: 'is made',
  starting: 'starting',
  healthy: 'healthy',
  running: 'running',
  done: 'done',
  unhealthy: 'unhealthy',
  exited: 'stopped by itself',
};

const phaseTone = (phase: RunServiceState['phase']): Tone =>
  phase === 'unhealthy' || phase === 'exited' ? 'bad' : isServiceUp(phase) ? 'good' : 'dim';

/** Trouble first, then what is at work, then what waits. */
const urgency = (phase: RunServiceState['phase']): number =>
  ['exited', 'unhealthy', 'starting', 'creating', 'waiting'].indexOf(phase);

function serviceLine(service: RunServiceState, nowMs: number, viewport: Viewport): Line {
  const width = contentWidth(viewport);
  // The detail is in the log; on a narrow screen the name and the word for the phase are worth more.
  const nameWidth = isNarrow(viewport) ? width - 20 : Math.min(28, Math.floor(width * 0.42));
  const detail = isNarrow(viewport) ? undefined : service.detail;
  // What a waiting service says is what it waits for; its phase would only say it twice.
  const words =
    service.phase === 'waiting' && detail !== undefined ? [detail] : [phaseWords[service.phase], detail];
  const text = words.filter(part => part !== undefined).join(', ');
  return spread(
    [
      span('    '),
      span(`${fitCells(service.name, nameWidth, 'left', viewport.glyphs.ellipsis)}  `),
      span(text, phaseTone(service.phase)),
    ],
    service.phase === 'waiting' ? [] : [span(formatClock(nowMs - Date.parse(service.since)), 'dim')],
    width,
    viewport.glyphs,
  );
}

const imageWords: Readonly<Record<RunImageState['phase'], string>> = {
  present: 'is here',
  pulling: 'pulling',
  building: 'building',
  ready: 'ready',
  failed: 'failed',
};

/** An image on its way: its bytes at the right, where they stay when the name or the build's step is long. */
function imageLine(image: RunImageState, viewport: Viewport): Line {
  const width = contentWidth(viewport);
  const bytes =
    image.phase === 'pulling' && image.transfer !== undefined && image.transfer.currentBytes > 0
      ? formatTransfer(image.transfer)
      : undefined;
  const phase = image.phase === 'pulling' && bytes !== undefined ? undefined : imageWords[image.phase];
  const text = [phase, image.detail].filter(part => part !== undefined).join(', ');
  const nameWidth = isNarrow(viewport) ? Math.min(20, width - 22) : Math.min(28, Math.floor(width * 0.42));
  return spread(
    [
      span('    '),
      span(`${fitCells(image.service, nameWidth, 'left', viewport.glyphs.ellipsis)}  `),
      span(text, image.phase === 'failed' ? 'bad' : 'dim'),
    ],
    bytes === undefined ? [] : [span(bytes, 'dim')],
    width,
    viewport.glyphs,
  );
}

/** What the running step works on: images in transfer, services that are not up yet. */
function workLines(step: StepState, state: RunState, nowMs: number, viewport: Viewport): readonly Line[] {
  if (step.status !== 'running') return [];
  if (step.id === 'images') {
    return state.images
      .filter(image => image.phase === 'pulling' || image.phase === 'building' || image.phase === 'failed')
      .map(image => imageLine(image, viewport));
  }
  if (step.id !== 'services') return [];
  return state.services
    .filter(service => !isServiceUp(service.phase))
    .toSorted((a, b) => urgency(a.phase) - urgency(b.phase))
    .map(service => serviceLine(service, nowMs, viewport));
}

/** Elapsed time since the start, up to the end. */
export function elapsedMs(state: RunState, nowMs: number): number {
  if (state.startedAt === undefined) return 0;
  const end = state.finishedAt === undefined ? nowMs : Date.parse(state.finishedAt);
  return end - Date.parse(state.startedAt);
}

/** Every step, and under the one at work what it works on. `focus` is that step. */
export function runLines(
  state: RunState,
  nowMs: number,
  viewport: Viewport,
): {
  readonly body: readonly Line[];
  readonly focus: { readonly from: number; readonly to: number } | undefined;
} {
  const body: Line[] = [];
  let focus: { from: number; to: number } | undefined;
  for (const step of state.steps) {
    const lines = [...stepLines(step, state, nowMs, viewport), ...workLines(step, state, nowMs, viewport)];
    if (step.status === 'running')
      focus = { from: body.length, to: body.length + Math.min(lines.length, 6) - 1 };
    body.push(...lines);
  }
  return { body, focus };
}

/** The log of a run: each line with the time since its start. */
export function logLines(state: RunState, viewport: Viewport): readonly Line[] {
  const start = Date.parse(state.startedAt ?? state.log[0]?.at ?? '');
  const tones = {
    step: 'strong',
    detail: 'plain',
    image: 'plain',
    service: 'plain',
    error: 'bad',
    run: 'strong',
  } as const;
  return state.log.map(entry =>
    line(
      span(`${formatClock(Date.parse(entry.at) - start).padStart(6)}  `, 'dim'),
      span(
        fitCells(entry.text, contentWidth(viewport) - 8, 'left', viewport.glyphs.ellipsis).trimEnd(),
        tones[entry.kind],
      ),
    ),
  );
}
