/** The lines above the table: the headline, the data, and what is wrong. */

import { describeInterrupted, type PastRun } from '../../core/run/run-history.ts';
import { describeWayOn } from '../../core/run/ways-on.ts';
import { judgeDeployment } from '../../core/status/judge-deployment.ts';
import { listMendSteps } from '../../core/status/mends.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { levelWord, modeTone, modeWord, paragraph } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import { formatSparkline, lineWidth, spread, textWidth } from './format.ts';
import { boxWordLines } from './status-box.ts';
import {
  clockTime,
  cpuTotal,
  dataAge,
  headline,
  headlineGlyph,
  memoryTotal,
  verdictTone,
} from './status-words.ts';
import { type Line, line, type Span, span } from './tone.ts';

/** Below this width a service is one line of glyph, name and memory, and figures have lines of their own. */
const wideColumns = 58;
const totalHistoryCells = 6;

export const isWide = (viewport: Viewport): boolean => contentWidth(viewport) >= wideColumns;

function headlineSpans(state: StatusState, viewport: Viewport): readonly Span[] {
  const judgement = judgeDeployment(state);
  const text = `${headlineGlyph(judgement, viewport.glyphs)} ${headline(judgement, state.engine)}`;
  return [span(text, verdictTone[judgement.verdict])];
}

/** Memory and CPU of all; the history goes first when there is no room. */
function totalsTexts(state: StatusState, viewport: Viewport): readonly string[] {
  const { memoryHistory, budgetMiB } = state.totals;
  const history = formatSparkline(memoryHistory, totalHistoryCells, viewport.glyphs, budgetMiB);
  const memory = memoryTotal(state);
  return [`${memory} ${history}  ${cpuTotal(state)}`, `${memory}  ${cpuTotal(state)}`, memory];
}

/** The first line: program, mode, level, and on a wide terminal the headline with the totals. */
export function statusTitle(state: StatusState, viewport: Viewport, isReadOnly: boolean): Line {
  const separator = span(` ${viewport.glyphs.separator} `, 'dim');
  const level = levelWord(state.level);
  const facts: readonly Span[] = [
    span(modeWord(state.mode), modeTone(state.mode)),
    ...(level === undefined ? [] : [separator, span(level, 'warn')]),
    ...(isReadOnly ? [separator, span('READ ONLY', 'accent')] : []),
  ];
  const named = [span('HomeIQ', 'strong'), separator, ...facts];
  const left: readonly Span[] = [
    // The facts are worth more than the name.
    ...(lineWidth(named) > contentWidth(viewport) ? facts : named),
    ...(isWide(viewport) ? [separator, ...headlineSpans(state, viewport)] : []),
  ];
  const room = contentWidth(viewport) - lineWidth(left) - 2;
  const right = isWide(viewport)
    ? (totalsTexts(state, viewport).find(text => textWidth(text) <= room) ?? '')
    : '';
  return spread(left, line(span(right)), contentWidth(viewport), viewport.glyphs);
}

/** Whether anything is written where nothing should be. */
function otherModeSpan({ data, mode }: StatusState, glyph: string): Span {
  const other = mode === 'test' ? 'production' : 'test';
  const points = data.sample?.otherModePointsPerMinute;
  if (points === undefined) return span('');
  return points === 0
    ? span(`${other} silent ${glyph}`, 'good')
    : span(`${Math.round(points)}/min into ${other} too`, 'bad');
}

function dataLine(state: StatusState, viewport: Viewport): Line {
  const { sample, problem, bucket, history } = state.data;
  const { glyphs } = viewport;
  const width = contentWidth(viewport);
  const name = span(isWide(viewport) ? `Data  ${bucket}  ` : 'Data  ', 'dim');
  if (sample === undefined) {
    return line(name, span(problem ?? 'not asked yet', problem === undefined ? 'dim' : 'warn'));
  }
  const isFlowing = sample.pointsPerMinute > 0;
  const rate = span(`${Math.round(sample.pointsPerMinute)}/min`, isFlowing ? 'plain' : 'warn');
  const spark = span(` ${formatSparkline(history, 6, glyphs)}`, 'dim');
  const age = span(`  ${dataAge(sample)}`, sample.lastPointAtMs === undefined ? 'warn' : 'plain');
  if (problem !== undefined) return line(name, rate, age, span(`  ${problem}`, 'warn'));
  const other = isWide(viewport) ? line(otherModeSpan(state, glyphs.good)) : [];
  // What says least goes first when there is no room.
  const lefts = isWide(viewport)
    ? [
        [name, rate, spark, age],
        [name, rate, age],
      ]
    : [[name, rate, age]];
  const fitting = lefts.find(left => lineWidth(left) + lineWidth(other) + 2 <= width) ?? [rate, age];
  return spread(fitting, other, width, glyphs);
}

/** `Docker does not answer since 14:02:31. Trying again in 4 s.` */
function engineLine(state: StatusState): readonly Line[] {
  const { engine, nowMs } = state;
  if (engine.kind !== 'gone') return [];
  const seconds = Math.max(0, Math.ceil((engine.retryAtMs - nowMs) / 1_000));
  const again = seconds === 0 ? 'Trying again now.' : `Trying again in ${seconds} s.`;
  return [line(span(`No answer from Docker since ${clockTime(engine.sinceMs)}. ${again}`, 'bad'))];
}

/** What is wrong, as many lines as there is room for. */
function reasonLines(state: StatusState, viewport: Viewport): readonly Line[] {
  if (state.engine.kind !== 'answering') return [];
  const { reasons, verdict } = judgeDeployment(state);
  if (verdict !== 'unhealthy') return [];
  const room = isRoomy(viewport) ? 2 : 1;
  const shown = reasons.slice(0, room);
  return shown.map((reason, index) => {
    const rest = reasons.length - room;
    const more = index === room - 1 && rest > 0 ? `, and ${rest} more` : '';
    return line(span(`${viewport.glyphs.bad} ${reason}${more}`, 'bad'));
  });
}

/** What was left unfinished, and the command for what a command mends. */
function wayOnLines(
  state: StatusState,
  interrupted: PastRun | undefined,
  viewport: Viewport,
): readonly Line[] {
  const mends = state.engine.kind === 'answering' ? listMendSteps(state) : [];
  return [
    ...mends.flatMap(({ what, command }) =>
      paragraph(isWide(viewport) ? `${what}: ${command}` : `Mend: ${command}`, viewport, 'warn'),
    ),
    ...(interrupted === undefined
      ? []
      : paragraph(
          sanitiseLine(`${describeInterrupted(interrupted)}. ${describeWayOn(interrupted)}`),
          viewport,
          'warn',
        )),
  ];
}

/** Everything between the title and the table's heading. */
export function statusHead(state: StatusState, viewport: Viewport, interrupted?: PastRun): readonly Line[] {
  const narrow = isWide(viewport)
    ? []
    : [
        spread(
          line(...headlineSpans(state, viewport)),
          line(span(totalsTexts(state, viewport)[2]?.replace('memory ', '') ?? '')),
          contentWidth(viewport),
          viewport.glyphs,
        ),
      ];
  return [
    ...narrow,
    dataLine(state, viewport),
    ...engineLine(state),
    ...reasonLines(state, viewport),
    ...boxWordLines(state, viewport),
    ...wayOnLines(state, interrupted, viewport),
  ];
}
