/** The status as lines of the terminal: from its state to exactly what is drawn. */

import type { StatusSessionState } from '../../app/monitor/status-session.ts';
import { type StatusRow, selectedRow, statusRows } from '../../core/status/status-rows.ts';
import { paragraph } from './common.ts';
import {
  composeScreen,
  composeWindow,
  contentWidth,
  isRoomy,
  type LineSource,
  type ScreenParts,
  type Viewport,
} from './compose-screen.ts';
import { spread } from './format.ts';
import { footerLine } from './key-hints.ts';
import { logBody, logHead } from './log-pane.ts';
import { besideLines, boxLines, dataLines, hasRoomBeside } from './status-box.ts';
import { presentDoctor } from './status-doctor.ts';
import { eventLines } from './status-events.ts';
import { isWide, statusHead, statusTitle } from './status-head.ts';
import { statusKeys } from './status-keys.ts';
import { detailLine, detailLines } from './status-pane.ts';
import { questionLines } from './status-question.ts';
import { tableHeading, tableRow } from './status-table.ts';
import { emptyLine, type Line, line, span } from './tone.ts';

/** Below this height a pane lies over the table instead of under it. */
const paneRows = 20;
const detailPaneRows = 8;
/** With so many lines to spare, the events are shown without being asked for. */
const spareForEvents = 6;
const mostEvents = 14;
/** A title and at most seven facts of the box. */
const besideRows = 8;
const longestNoticeRows = 3;

/** The title, the rule above the keys and the keys. */
const frameRows = 3;

function filterLine(
  { view }: StatusSessionState,
  tableRows: readonly StatusRow[],
  viewport: Viewport,
): readonly Line[] {
  const { filter, isFiltering, sort, marked } = view;
  const hasNone = filter.text.trim() !== '' && tableRows.length === 0;
  if (isFiltering) {
    const { glyphs } = viewport;
    const typed = line(span('Find ', 'dim'), span(`${filter.text}${glyphs.cursor}`, 'accent'));
    const count = hasNone ? line(span('no service', 'warn')) : [];
    return [spread(typed, count, contentWidth(viewport), glyphs)];
  }
  const kept = [
    ...(filter.text === '' ? [] : [`found by "${filter.text}"`]),
    ...(sort === 'group' ? [] : [`sorted by ${sort}`]),
  ];
  const parts = [
    ...(marked.length === 0 ? [] : [`${marked.length} marked`]),
    ...(kept.length === 0 ? [] : [`${hasNone ? 'No service' : 'Services'} ${kept.join(', ')}`]),
  ];
  const separator = ` ${viewport.glyphs.separator} `;
  return parts.length === 0 ? [] : [line(span(parts.join(separator), 'accent'))];
}

function noticeLines({ view }: StatusSessionState, viewport: Viewport): readonly Line[] {
  const { notice } = view;
  if (notice === undefined) return [];
  const tone = notice.kind === 'failed' ? 'bad' : notice.kind === 'done' ? 'good' : 'warn';
  return paragraph(notice.text, viewport, tone).slice(0, longestNoticeRows);
}

type Body = Pick<ScreenParts, 'body' | 'focus' | 'foot' | 'scroll'>;

/** What stands in place of the rows when the filter leaves none. */
function nothingFound({ view }: StatusSessionState, viewport: Viewport): readonly Line[] {
  const wanted = view.filter.text.trim();
  if (wanted === '') return [];
  return [
    ...paragraph(`No service has "${wanted}" in its name, group or state.`, viewport, 'warn'),
    ...paragraph('Esc goes back to all services.', viewport),
  ];
}

function tableBody(session: StatusSessionState, rows: readonly StatusRow[], viewport: Viewport): Body {
  const { status, view } = session;
  if (rows.length === 0) return { body: nothingFound(session, viewport), foot: [] };
  const selected = selectedRow(rows, view.selected);
  const index = rows.findIndex(({ id }) => id === selected?.id);
  const isStale = status.engine.kind === 'gone';
  const lineOf = (row: StatusRow): Line =>
    tableRow(
      row,
      {
        isSelected: row.id === selected?.id,
        isMarked: row.kind === 'service' && view.marked.includes(row.service.name),
        isStale,
        isGrouped: view.sort === 'group',
        cpuBase: view.cpuBase,
      },
      status,
      viewport,
    );
  // Only what is seen is laid out: a hundred services cost as much as there is room for.
  const body: LineSource = {
    length: rows.length,
    slice: (first, end) => rows.slice(first, end).map(lineOf),
  };
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
    case 'doctor':
      return [];
    case 'details':
      return detailLines(row, status, viewport).slice(0, room);
    case 'log':
      return [
        ...logHead(logs, view.log, viewport),
        ...logBody(logs, view.log, status.nowMs, room - 1, viewport),
      ];
    case 'box':
    case 'data':
      if (hasRoomBeside(viewport)) return besideLines(status, viewport).slice(0, room);
      return (view.pane === 'box' ? boxLines : dataLines)(status, viewport).slice(0, room);
    case 'events':
      return eventLines(status, view, room, viewport);
  }
}

const blank = (count: number): readonly Line[] => Array.from({ length: Math.max(0, count) }, () => emptyLine);

/** Under the table: the open pane, else the selected row in a line, and the events where there is room for them. */
function footOf(
  session: StatusSessionState,
  row: StatusRow | undefined,
  spareRows: number,
  viewport: Viewport,
): readonly Line[] {
  const { view, status } = session;
  if (view.pane !== 'none') {
    const room = view.pane === 'details' ? detailPaneRows : Math.floor(viewport.rows * 0.4);
    const pane = paneLines(session, row, room, viewport);
    // An open pane keeps its height, so that the table above it stays where it is.
    return [...pane, ...blank(room - pane.length)];
  }
  if (!isRoomy(viewport) || !isWide(viewport)) return [];
  const isKnown = status.box !== undefined;
  const box = isKnown && hasRoomBeside(viewport) ? besideLines(status, viewport) : [];
  // The box and the data come before what happened; both keep their height whatever they say.
  const boxRoom = box.length > 0 && spareRows - 1 >= besideRows ? besideRows : 0;
  const shownBox = boxRoom === 0 ? [] : [...box.slice(0, boxRoom), ...blank(boxRoom - box.length)];
  const room = Math.min(mostEvents, spareRows - 1 - boxRoom);
  if (room < spareForEvents) return [...shownBox, detailLine(row, viewport)];
  const events = eventLines(status, view, room, viewport);
  return [...shownBox, ...events, ...blank(room - events.length), detailLine(row, viewport)];
}

/** `rows` are those of the table; undefined when the body is something else. */
type Parts = Body & { readonly rows: readonly StatusRow[] | undefined };

function partsOf(
  session: StatusSessionState,
  tableRows: readonly StatusRow[],
  viewport: Viewport,
  takenRows: number,
): Parts {
  const { status, view } = session;
  if (view.question !== undefined) {
    return { ...questionLines(view.question, status, viewport), foot: [], rows: undefined };
  }
  const row = selectedRow(tableRows, view.selected);
  const hasRoomUnder = viewport.rows >= paneRows && isWide(viewport);
  if (view.pane !== 'none' && !hasRoomUnder) {
    const room = Math.max(2, viewport.rows - takenRows - (isRoomy(viewport) ? frameRows : frameRows - 1));
    return { body: paneLines(session, row, room, viewport), foot: [], rows: undefined };
  }
  // The table's heading and the rule above the foot take a line each. What a filter hides makes no room: the
  // events would come and go while it is typed.
  const unfiltered = statusRows(status.services, { ...view, filter: '' });
  const spareRows = viewport.rows - takenRows - frameRows - 2 - unfiltered.length;
  return {
    ...tableBody(session, tableRows, viewport),
    foot: footOf(session, row, spareRows, viewport),
    rows: tableRows,
  };
}

/** The log alone, under the title that says the mode. */
function presentLog(session: StatusSessionState, viewport: Viewport): readonly Line[] {
  const { logs, view, status } = session;
  const head = logHead(logs, view.log, viewport);
  const over = noticeLines(session, viewport);
  const rules = isRoomy(viewport) ? (over.length === 0 ? 1 : 2) : 0;
  // The title and the keys take a line each.
  const room = Math.max(1, viewport.rows - 2 - rules - head.length - over.length);
  return composeScreen(
    {
      title: statusTitle(status, viewport, view.isReadOnly),
      head,
      isDense: true,
      body: logBody(logs, view.log, status.nowMs, room, viewport),
      foot: over,
      footer: footerLine(statusKeys(view), contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
}

const namesIn = (row: StatusRow): readonly string[] => {
  if (row.kind === 'service') return [row.service.name];
  return row.isOpen ? [] : row.services.map(({ name }) => name);
};

type StatusFrame = {
  readonly lines: readonly Line[];
  /** The names of the services that have a row in it, or a part in the row of their closed group. */
  readonly inSight: readonly string[];
};

/** Exactly `viewport.rows` lines, none wider than `viewport.columns`. */
export const presentStatus = (session: StatusSessionState, viewport: Viewport): readonly Line[] =>
  presentStatusFrame(session, viewport).lines;

/** The same, with what it shows the figures of. */
export function presentStatusFrame(session: StatusSessionState, viewport: Viewport): StatusFrame {
  const { view } = session;
  if (view.pane === 'log' && view.log.isFull && view.question === undefined) {
    return { lines: presentLog(session, viewport), inSight: [] };
  }
  if (view.pane === 'doctor' && view.question === undefined) {
    return { lines: presentDoctor(session, viewport), inSight: [] };
  }
  const head = statusHead(session.status, viewport, session.interrupted);
  const tableRows = statusRows(session.status.services, { ...view, filter: view.filter.text });
  const over = [...noticeLines(session, viewport), ...filterLine(session, tableRows, viewport)];
  const { foot, rows, ...body } = partsOf(session, tableRows, viewport, head.length + over.length);
  const hasTable = rows !== undefined;
  const hasHeading = hasTable && isRoomy(viewport) && isWide(viewport);
  const { lines, window } = composeWindow(
    {
      ...body,
      title: statusTitle(session.status, viewport, view.isReadOnly),
      head: hasHeading ? [...head, tableHeading(session.view, viewport)] : head,
      isDense: hasTable,
      foot: [...over, ...foot],
      footer: footerLine(statusKeys(session.view), contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
  const shown = (rows ?? []).slice(window.first, window.end);
  return { lines, inSight: shown.flatMap(namesIn) };
}
