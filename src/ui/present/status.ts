/** The status as lines of the terminal: from its state to exactly what is drawn. */

import type { StatusSessionState } from '../../app/monitor/status-session.ts';
import { judgeDeployment } from '../../core/status/judge-deployment.ts';
import { type StatusRow, selectedRow, statusRows } from '../../core/status/status-rows.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { levelWord, modeTone, modeWord } from './common.ts';
import { composeScreen, contentWidth, isRoomy, type ScreenParts, type Viewport } from './compose-screen.ts';
import { formatSparkline, lineWidth, spread, textWidth } from './format.ts';
import { footerLine } from './key-hints.ts';
import { statusKeys } from './status-keys.ts';
import { detailLine, detailLines, eventLines, logLines, questionLines } from './status-pane.ts';
import { tableHeading, tableRow } from './status-table.ts';
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
/** Below this height a pane lies over the table instead of under it. */
const paneRows = 20;
const totalHistoryCells = 6;

const isWide = (viewport: Viewport): boolean => contentWidth(viewport) >= wideColumns;

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

function titleOf(state: StatusState, viewport: Viewport): Line {
  const separator = span(` ${viewport.glyphs.separator} `, 'dim');
  const level = levelWord(state.level);
  const left: readonly Span[] = [
    span('HomeIQ', 'strong'),
    separator,
    span(modeWord(state.mode), modeTone(state.mode)),
    ...(level === undefined ? [] : [separator, span(level, 'warn')]),
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

function headOf(session: StatusSessionState, viewport: Viewport): readonly Line[] {
  const { status, view } = session;
  const narrow = isWide(viewport)
    ? []
    : [
        spread(
          line(...headlineSpans(status, viewport)),
          line(span(totalsTexts(status, viewport)[2]?.replace('memory ', '') ?? '')),
          contentWidth(viewport),
          viewport.glyphs,
        ),
      ];
  const hasHeading = isRoomy(viewport) && isWide(viewport);
  return [
    ...narrow,
    dataLine(status, viewport),
    ...engineLine(status),
    ...reasonLines(status, viewport),
    ...(hasHeading ? [tableHeading(view, viewport)] : []),
  ];
}

function filterLine({ view }: StatusSessionState, viewport: Viewport): readonly Line[] {
  const { filter, isFiltering, sort } = view;
  if (isFiltering) {
    const { glyphs } = viewport;
    return [line(span('Find ', 'dim'), span(`${filter.text}${glyphs.cursor}`, 'accent'))];
  }
  const parts = [
    ...(filter.text === '' ? [] : [`found by "${filter.text}"`]),
    ...(sort === 'group' ? [] : [`sorted by ${sort}`]),
  ];
  return parts.length === 0 ? [] : [line(span(`Services ${parts.join(', ')}`, 'accent'))];
}

function noticeLine({ view }: StatusSessionState): readonly Line[] {
  const { notice } = view;
  if (notice === undefined) return [];
  const tone = notice.kind === 'failed' ? 'bad' : notice.kind === 'done' ? 'good' : 'warn';
  return [line(span(notice.text, tone))];
}

type Body = Pick<ScreenParts, 'body' | 'focus' | 'foot' | 'scroll'>;

function tableBody(session: StatusSessionState, rows: readonly StatusRow[], viewport: Viewport): Body {
  const { status, view } = session;
  const selected = selectedRow(rows, view.selected);
  const index = rows.findIndex(({ id }) => id === selected?.id);
  const isStale = status.engine.kind === 'gone';
  const body = rows.map(row =>
    tableRow(
      row,
      { isSelected: row.id === selected?.id, isStale, isGrouped: view.sort === 'group' },
      status,
      viewport,
    ),
  );
  // A group's heading stays in sight with its first service.
  const from = rows[index - 1]?.kind === 'group' ? index - 1 : index;
  return { body, foot: [], ...(index < 0 ? {} : { focus: { from, to: index } }) };
}

/** `room` lines at most. */
function paneLines(
  session: StatusSessionState,
  row: StatusRow | undefined,
  room: number,
  viewport: Viewport,
): readonly Line[] {
  const { status, logs, view } = session;
  switch (view.pane) {
    case 'none':
      return [];
    case 'details':
      return detailLines(row, status, viewport).slice(0, room);
    case 'log':
      return logLines(row, logs, view, room, viewport);
    case 'events':
      return eventLines(status, view, room);
  }
}

function bodyOf(session: StatusSessionState, viewport: Viewport, headLines: number): Body {
  const { status, view } = session;
  if (view.question !== undefined) return { ...questionLines(view.question, status, viewport), foot: [] };
  const rows = statusRows(status.services, { ...view, filter: view.filter.text });
  const row = selectedRow(rows, view.selected);
  const hasRoomUnder = viewport.rows >= paneRows && isWide(viewport);
  if (view.pane !== 'none' && !hasRoomUnder) {
    // The title, the head and the keys keep their lines.
    const room = Math.max(2, viewport.rows - headLines - 2);
    return { body: paneLines(session, row, room, viewport), foot: [] };
  }
  const table = tableBody(session, rows, viewport);
  const isOpen = view.pane !== 'none';
  const room = view.pane === 'details' ? 8 : Math.floor(viewport.rows * 0.4);
  const pane = paneLines(session, row, room, viewport);
  // An open pane keeps its height, so that the table above it stays where it is.
  const filled = isOpen
    ? [...pane, ...Array.from({ length: Math.max(0, room - pane.length) }, () => [])]
    : [];
  const closed = isRoomy(viewport) && isWide(viewport) ? [detailLine(row, viewport)] : [];
  return { ...table, foot: isOpen ? filled : closed };
}

/** Exactly `viewport.rows` lines, none wider than `viewport.columns`. */
export function presentStatus(session: StatusSessionState, viewport: Viewport): readonly Line[] {
  const head = headOf(session, viewport);
  const { foot, ...body } = bodyOf(session, viewport, head.length);
  const over = [...noticeLine(session), ...filterLine(session, viewport)];
  return composeScreen(
    {
      ...body,
      title: titleOf(session.status, viewport),
      head,
      isDense: true,
      foot: [...over, ...foot],
      footer: footerLine(statusKeys(session.view), contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
}
