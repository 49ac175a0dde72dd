/** Puts the parts of a screen into exactly the lines of the terminal. Pure: from a size to lines. */

import { sanitiseLine } from '../../core/text/sanitise.ts';
import { lineWidth, truncateLine } from './format.ts';
import { asciiGlyphs, type Glyphs } from './glyphs.ts';
import { emptyLine, type Line, line, type Span, span } from './tone.ts';

/** The terminal in cells, and what it can draw. */
export type Viewport = { readonly columns: number; readonly rows: number; readonly glyphs: Glyphs };

const minimumColumns = 40;
const minimumRows = 12;
/** Below this height nothing is spent on air: no rules, no empty lines. */
const roomyRows = 16;

/** Lines of which only those that are seen have to be made; an array is one. */
export type LineSource = {
  readonly length: number;
  readonly slice: (first: number, end: number) => readonly Line[];
};

export type ScreenParts = {
  readonly title: Line;
  /** Stays under the title. */
  readonly head: readonly Line[];
  /** The head ends with the heading of the body's table: no air between them. */
  readonly isDense?: boolean;
  /** Scrolls when it is longer than the room for it. */
  readonly body: LineSource;
  /** The first and the last line of the body that must be seen. */
  readonly focus?: { readonly from: number; readonly to: number };
  /** The first line of the body to show. The focus wins over it. */
  readonly scroll?: number;
  /** Instead of `scroll`: how many lines of the body are below what is shown. For what grows at its end. */
  readonly fromEnd?: number;
  /** Stays above the keys. */
  readonly foot: readonly Line[];
  /** The keys that act now. */
  readonly footer: Line;
};

/** The cells that a line of the content may take: one is left free at each side. */
export const contentWidth = (viewport: Viewport): number => Math.max(1, viewport.columns - 2);

export const isRoomy = (viewport: Viewport): boolean => viewport.rows >= roomyRows;

const isTooSmall = (viewport: Viewport): boolean =>
  viewport.columns < minimumColumns || viewport.rows < minimumRows;

/** Which lines of the body are seen: from the first one up to, and without, the end. */
type BodyWindow = {
  readonly first: number;
  readonly end: number;
  /** There is room to say how many are not seen. */
  readonly saysHidden: boolean;
};

/** Exactly `viewport.rows` lines, none wider than `viewport.columns`. */
export const composeScreen = (parts: ScreenParts, viewport: Viewport): readonly Line[] =>
  composeWindow(parts, viewport).lines;

/** The same, with what is seen of the body. */
export function composeWindow(
  parts: ScreenParts,
  viewport: Viewport,
): { readonly lines: readonly Line[]; readonly window: BodyWindow } {
  if (isTooSmall(viewport))
    return { lines: tooSmall(viewport), window: { first: 0, end: 0, saysHidden: false } };
  const rule: readonly Line[] = isRoomy(viewport)
    ? [line(span(viewport.glyphs.rule.repeat(contentWidth(viewport)), 'dim'))]
    : [];
  const air: readonly Line[] = isRoomy(viewport) && parts.isDense !== true ? [emptyLine] : [];
  const head = [parts.title, ...parts.head, ...air];
  const foot = parts.foot.length === 0 ? [] : [...rule, ...parts.foot];
  const bottom = [...rule, parts.footer];
  // The body keeps at least three lines: a long foot gives way first.
  const footRoom = Math.max(0, viewport.rows - head.length - bottom.length - 3);
  const shownFoot = foot.slice(0, footRoom);
  const bodyRoom = Math.max(0, viewport.rows - head.length - bottom.length - shownFoot.length);
  const window = windowOf(parts, bodyRoom);
  const body = bodyLines(parts.body, window, viewport);
  const filled = [...body, ...Array.from({ length: bodyRoom - body.length }, () => emptyLine)];
  const lines = [...head, ...filled, ...shownFoot, ...bottom]
    .slice(0, viewport.rows)
    .map(content => withMargin(content, viewport));
  return { lines, window };
}

const withMargin = (content: Line, viewport: Viewport): Line =>
  content.length === 0
    ? emptyLine
    : [
        span(' '),
        ...truncateLine(
          content.map(part => harmless(part, viewport.glyphs)),
          contentWidth(viewport),
          viewport.glyphs,
        ),
      ];

/** Every text of every screen passes here: whatever came from outside, no escape reaches the terminal. */
const harmless = (part: Span, glyphs: Glyphs): Span => {
  const text = sanitiseLine(part.text);
  return { ...part, text: glyphs === asciiGlyphs ? plainPunctuation(text) : text };
};

const plainForms: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '…': '...',
};

/** Sentences are written with typographic marks; a terminal without Unicode gets the typewriter's. */
const plainPunctuation = (text: string): string =>
  text.replace(/[“”‘’–—…]/g, mark => plainForms[mark] ?? mark);

/** Where the window on a body of `count` lines begins, so that the focus is in it. */
function firstVisible(
  count: number,
  room: number,
  scroll: number,
  focus: ScreenParts['focus'] | undefined,
): number {
  const last = Math.max(0, count - room);
  let first = Math.min(last, Math.max(0, scroll));
  if (focus !== undefined) {
    if (focus.to >= first + room) first = focus.to - room + 1;
    if (focus.from < first) first = focus.from;
  }
  return Math.min(last, Math.max(0, first));
}

function windowOf(parts: ScreenParts, room: number): BodyWindow {
  const { length } = parts.body;
  const { focus } = parts;
  const scroll = parts.fromEnd === undefined ? (parts.scroll ?? 0) : length - room + 1 - parts.fromEnd;
  if (length <= room || room < 4) return { first: 0, end: Math.min(length, room), saysHidden: false };
  // At either end one line says what is hidden at the other; in between there are two such lines.
  const atTop = firstVisible(length, room - 1, scroll, focus);
  if (atTop === 0) return { first: 0, end: room - 1, saysHidden: true };
  if (atTop === length - room + 1) return { first: atTop, end: length, saysHidden: true };
  const first = Math.max(1, firstVisible(length, room - 2, scroll, focus));
  return { first, end: first + room - 2, saysHidden: true };
}

/** The lines of the body that are seen, with a word on how many are not where there is room for it. */
function bodyLines(body: LineSource, window: BodyWindow, viewport: Viewport): readonly Line[] {
  const { first, end, saysHidden } = window;
  const { arrowUp, arrowDown } = viewport.glyphs;
  const hidden = (count: number, arrow: string): readonly Line[] =>
    count === 0 || !saysHidden ? [] : [line(span(`  ${arrow} ${count} more`, 'dim'))];
  return [...hidden(first, arrowUp), ...body.slice(first, end), ...hidden(body.length - end, arrowDown)];
}

function tooSmall(viewport: Viewport): readonly Line[] {
  const said = [
    'Window too small.',
    `It is ${viewport.columns}x${viewport.rows},`,
    `homeiq needs ${minimumColumns}x${minimumRows}.`,
    'Make it larger, or',
    'use: homeiq --plain',
  ].map((text, index) => line(span(text, index === 0 ? 'strong' : 'plain')));
  const shown = said
    .slice(0, viewport.rows)
    .map(text => truncateLine(text, viewport.columns, viewport.glyphs));
  return [...shown, ...Array.from({ length: Math.max(0, viewport.rows - shown.length) }, () => emptyLine)];
}

/** True when every line fits: what the tests of all screens ask. */
export const fitsViewport = (lines: readonly Line[], viewport: Viewport): boolean =>
  lines.length === viewport.rows && lines.every(content => lineWidth(content) <= viewport.columns);
