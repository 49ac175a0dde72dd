/** A log as lines of the screen: under the table, or on the whole screen with its search and its settings. */

import type { LogState, LogTarget } from '../../app/monitor/log-follower.ts';
import type { LogTimes, LogView } from '../../app/monitor/log-view.ts';
import type { LogEntry } from '../../core/logs/log-entry.ts';
import { countToBottom, visibleLines } from '../../core/logs/log-sight.ts';
import { createMatcher, findLines, findRanges } from '../../core/logs/search.ts';
import { groupTitle, paragraph } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { fitCells, formatCount, lineWidth, spread, takeCells, textWidth } from './format.ts';
import { momentText } from './moment.ts';
import { type Line, line, type Span, span, type Tone } from './tone.ts';

/** Below this width a time would take the room of what is said. */
const timesFromColumns = 58;
const widestService = 22;
const narrowestText = 24;

export function logTitle(target: LogTarget): string {
  switch (target.kind) {
    case 'none':
      return 'Log';
    case 'all':
      return 'Log of all services';
    case 'services': {
      const [first] = target.names;
      return target.group === undefined
        ? `Log of ${first ?? 'nothing'}`
        : `Log of ${groupTitle(target.group)}, ${formatCount(target.names.length, 'service')}`;
    }
  }
}

function phaseText(logs: LogState, view: LogView): string {
  if (logs.problem !== undefined) return logs.problem;
  if (logs.phase === 'loading') return 'reading';
  if (view.bottom === undefined) return 'following';
  const visible = visibleLines(logs.lines, view);
  const below = visible.length - countToBottom(logs.lines, visible, view) + logs.heldCount;
  return below === 0 ? 'paused' : `paused, ${below} newer below`;
}

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** With the way back, short enough for the smallest terminal. */
const missingText = (query: string): string => `"${query}" is not there (/ esc: no search)`;

/** What is not as it is at first, in words; empty when everything is. */
function settingWords(logs: LogState, view: LogView): readonly string[] {
  const query = view.search.text.trim();
  const found = findLines(visibleLines(logs.lines, view), query);
  const place = found.findIndex(({ id }) => id === view.found);
  const which = place < 0 ? formatCount(found.length, 'line') : `${place + 1} of ${found.length}`;
  return [
    ...(query === '' ? [] : [found.length === 0 ? missingText(query) : `"${query}" ${which}`]),
    ...(view.level === undefined ? [] : [view.level === 'error' ? 'errors only' : `${view.level} and worse`]),
    ...(view.times === 'utc' ? ['UTC'] : []),
    ...(logs.droppedCount === 0 ? [] : [`${thousands(logs.droppedCount)} older lines let go`]),
  ];
}

/** The title of the log and, on the whole screen, what is set. */
export function logHead(logs: LogState, view: LogView, viewport: Viewport): readonly Line[] {
  const isCalm = logs.problem === undefined && view.bottom === undefined;
  const title = spread(
    line(span(logTitle(logs.target), 'strong')),
    line(span(phaseText(logs, view), isCalm ? 'dim' : 'warn')),
    contentWidth(viewport),
    viewport.glyphs,
  );
  if (!view.isFull) return [title];
  if (view.isSearching) {
    const typed = line(
      span('Search ', 'dim'),
      span(`${view.search.text}${viewport.glyphs.cursor}`, 'accent'),
    );
    const query = view.search.text.trim();
    const hasNone = query !== '' && !visibleLines(logs.lines, view).some(createMatcher(query));
    const count = hasNone ? line(span('no line', 'warn')) : [];
    return [title, spread(typed, count, contentWidth(viewport), viewport.glyphs)];
  }
  const words = settingWords(logs, view);
  return words.length === 0
    ? [title]
    : [title, line(span(words.join(` ${viewport.glyphs.separator} `), 'accent'))];
}

const levelTones: Readonly<Record<NonNullable<LogEntry['level']>, Tone>> = {
  error: 'bad',
  warn: 'warn',
  info: 'plain',
  debug: 'dim',
};

const toneOf = ({ level, stream }: LogEntry): Tone =>
  level === undefined ? (stream === 'stderr' ? 'plain' : 'dim') : levelTones[level];

/** `text` with what was searched for set off. */
function marked(text: string, query: string, tone: Tone): readonly Span[] {
  const ranges = findRanges(text, query);
  if (ranges.length === 0) return [span(text, tone)];
  const spans: Span[] = [];
  let done = 0;
  for (const { from, to } of ranges) {
    if (from > done) spans.push(span(text.slice(done, from), tone));
    spans.push(span(text.slice(from, to), 'match'));
    done = to;
  }
  return done < text.length ? [...spans, span(text.slice(done), tone)] : spans;
}

/** Cuts spans into lines of `cells` cells; nothing is left out, and a pager breaks lines in the same way. */
function wrapSpans(spans: readonly Span[], cells: number): readonly Line[] {
  const lines: Line[] = [];
  let current: Span[] = [];
  let room = cells;
  for (const part of spans) {
    let { text } = part;
    while (text !== '') {
      const head = takeCells(text, room);
      if (head === '' && room === cells) break;
      if (head !== '') current.push({ ...part, text: head });
      text = text.slice(head.length);
      room -= textWidth(head);
      if (text === '') break;
      lines.push(current);
      current = [];
      room = cells;
    }
  }
  return [...lines, current];
}

type EntryStyle = {
  readonly times: LogTimes;
  /** 0: the service is not named. */
  readonly serviceWidth: number;
  readonly query: string;
  readonly found: number | undefined;
  readonly nowMs: number;
};

function entryLines(entry: LogEntry, style: EntryStyle, view: LogView, viewport: Viewport): readonly Line[] {
  const { glyphs } = viewport;
  const { times, serviceWidth, query } = style;
  const pointer = query === '' ? '' : entry.id === style.found ? `${glyphs.pointer} ` : '  ';
  const prefix = [
    ...(pointer === '' ? [] : [span(pointer, 'accent')]),
    ...(times === 'off' || times === 'auto' || entry.at === undefined
      ? []
      : [span(`${momentText(entry.atMs, style.nowMs, times)} `, 'dim')]),
    ...(serviceWidth === 0
      ? []
      : [
          ...marked(fitCells(entry.service, serviceWidth, 'left', glyphs.ellipsis), query, 'accent'),
          span(' '),
        ]),
  ];
  const text = marked(entry.text, query, toneOf(entry));
  if (!view.isWrapped) return [[...prefix, ...text]];
  const indent = '  ';
  const width = contentWidth(viewport);
  // The first line has less room than the others: what it holds is cut off first.
  const [first = [], ...more] = wrapSpans(text, Math.max(1, width - lineWidth(prefix)));
  const rest = more.length === 0 ? [] : wrapSpans(more.flat(), width - indent.length);
  return [[...prefix, ...first], ...rest.map(content => [span(indent), ...content])];
}

function styleOf(
  logs: LogState,
  shown: readonly LogEntry[],
  view: LogView,
  nowMs: number,
  viewport: Viewport,
): EntryStyle {
  const width = contentWidth(viewport);
  const isOfMany =
    logs.target.kind === 'all' || (logs.target.kind === 'services' && logs.target.names.length > 1);
  const longest = Math.max(0, ...shown.map(({ service }) => textWidth(service)));
  const isNarrow = width < timesFromColumns;
  return {
    times: view.times === 'auto' ? (isNarrow ? 'off' : 'local') : view.times,
    serviceWidth: isOfMany ? Math.min(longest, widestService, Math.max(8, width - narrowestText)) : 0,
    query: view.search.text,
    found: view.found,
    nowMs,
  };
}

/** Why no line is in sight; undefined while the log is not there yet. */
function emptyText({ lines, phase }: LogState): string | undefined {
  if (lines.length > 0) return 'No line is of this level. v shows the others.';
  return phase === 'following' ? 'Nothing has been logged yet.' : undefined;
}

/** The lines that fit into `room`, with the bottom of the view as the last of them; what was found is among them. */
export function logBody(
  logs: LogState,
  view: LogView,
  nowMs: number,
  room: number,
  viewport: Viewport,
): readonly Line[] {
  const visible = visibleLines(logs.lines, view);
  if (visible.length === 0) {
    const text = emptyText(logs);
    return text === undefined ? [] : paragraph(text, viewport, 'dim').slice(0, room);
  }
  const end = countToBottom(logs.lines, visible, view);
  const style = styleOf(logs, visible.slice(Math.max(0, end - room), end), view, nowMs, viewport);
  const upTo = (last: number): { readonly lines: readonly Line[]; readonly from: number } => {
    const pieces: (readonly Line[])[] = [];
    let count = 0;
    let from = last;
    while (from > 0 && count < room) {
      const entry = visible[from - 1];
      if (entry === undefined) break;
      const piece = entryLines(entry, style, view, viewport);
      pieces.unshift(piece);
      count += piece.length;
      from -= 1;
    }
    // Of a line that is longer than the room its start is shown.
    const lines = pieces.flat();
    return { lines: pieces.length === 1 ? lines.slice(0, room) : lines.slice(-room), from };
  };
  const found = visible.findIndex(({ id }) => id === view.found);
  const atBottom = upTo(end);
  const { lines } = found >= 0 && found < atBottom.from ? upTo(found + 1) : atBottom;
  // At the very start of the log the room is filled with what comes after.
  const below = visible
    .slice(end, end + room - lines.length)
    .flatMap(entry => entryLines(entry, style, view, viewport));
  return [...lines, ...below].slice(0, room);
}
