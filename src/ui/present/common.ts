/** What several screens say in the same words: modes, levels, groups, titles, labelled paragraphs. */

import type { ErrorReport } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Level, PlannedService } from '../../core/plan/plan.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { fitCells, lineWidth, spread, textWidth, truncateMiddle, wrapWords } from './format.ts';
import { type Line, line, type Span, span, type Tone } from './tone.ts';

/** The mode as a word: its tone is never the only sign. */
export const modeWord = (mode: Mode): string => mode.toUpperCase();

export const modeTone = (mode: Mode): Tone => (mode === 'production' ? 'warn' : 'accent');

/** The level as a word; undefined where everything is real. */
export function levelWord(level: Level): string | undefined {
  switch (level) {
    case 'rehearsal':
      return 'REHEARSAL';
    case 'sandbox':
      return 'SANDBOX';
    case 'bundled':
      return undefined;
  }
}

const groupTitles: Readonly<Record<string, string>> = {
  infrastructure: 'Infrastructure',
  ai: 'AI services',
  core: 'Core services',
  external: 'External APIs',
  test: 'Test services',
};

/** A group of services as a heading; a group this program does not know keeps its name. */
export const groupTitle = (group: string): string => groupTitles[group] ?? group;

/**
 * The first line of every screen: the program, the mode, the level, and at the right where one is.
 * `right` comes longest first: the first that fits is shown.
 */
export function titleLine(
  viewport: Viewport,
  facts: {
    readonly name: string;
    /** Undefined: not chosen yet. */
    readonly mode: Mode | undefined;
    /** The mode that is left, while it is. */
    readonly from?: Mode | undefined;
    readonly level: Level;
    readonly right: readonly string[];
  },
): Line {
  const separator = span(` ${viewport.glyphs.separator} `, 'dim');
  const word = levelWord(facts.level);
  const left: Span[] = [
    span(facts.name, 'strong'),
    separator,
    ...(facts.from === undefined || facts.mode === undefined
      ? []
      : [span(modeWord(facts.from), modeTone(facts.from)), span(` ${viewport.glyphs.arrowRight} `, 'dim')]),
    facts.mode === undefined ? span('no mode yet', 'dim') : span(modeWord(facts.mode), modeTone(facts.mode)),
    ...(word === undefined ? [] : [separator, span(word, 'warn')]),
  ];
  const width = contentWidth(viewport);
  const right = facts.right.find(text => lineWidth(left) + textWidth(text) + 2 <= width) ?? '';
  return spread(left, line(span(right, 'dim')), width, viewport.glyphs);
}

/** Below this width labels stand in the text instead of in a column of their own. */
export const isNarrow = (viewport: Viewport): boolean => contentWidth(viewport) < 58;

const labelColumn = 11;

/** `Label      text`, the text wrapped beside the label; on a narrow screen `Label text`, hanging by two. */
export function labelled(
  label: string,
  text: string,
  viewport: Viewport,
  options: { readonly tone?: Tone; readonly labelWidth?: number } = {},
): readonly Line[] {
  const { tone = 'plain', labelWidth = labelColumn } = options;
  const width = contentWidth(viewport);
  if (!isNarrow(viewport)) {
    return wrapWords(text, width - labelWidth).map((part, index) =>
      line(span(fitCells(index === 0 ? label : '', labelWidth), 'dim'), span(part, tone)),
    );
  }
  // The label takes part in the wrapping, as one word of its width that is then cut off.
  const place = 'x'.repeat(textWidth(label));
  return wrapWords(`${place} ${text}`, width - 2).map((part, index) =>
    index > 0 || label === ''
      ? line('  ', span(part, tone))
      : line(span(label, 'dim'), span(part.slice(place.length), tone)),
  );
}

/** Pairs under one label: names in a column, what belongs to them beside, or below where the room is short. */
export function labelledPairs(
  label: string,
  pairs: readonly (readonly [name: string, value: string])[],
  viewport: Viewport,
): readonly Line[] {
  const width = contentWidth(viewport);
  const nameWidth = Math.max(...pairs.map(([name]) => textWidth(name)), 0);
  const valueWidth = Math.max(...pairs.map(([, value]) => textWidth(value)), 0);
  const isBeside = !isNarrow(viewport) && labelColumn + nameWidth + 2 + valueWidth <= width;
  return pairs.flatMap(([name, value], index) => {
    const head = span(isNarrow(viewport) ? '' : fitCells(index === 0 ? label : '', labelColumn), 'dim');
    if (isBeside) return [line(head, `${fitCells(name, nameWidth)}  `, span(value, 'strong'))];
    const indent = isNarrow(viewport) ? 2 : labelColumn + 2;
    const shown = truncateMiddle(value, width - indent, viewport.glyphs.ellipsis);
    return [line(head, name), line(' '.repeat(indent), span(shown, 'strong'))];
  });
}

/** A paragraph, wrapped. */
export const paragraph = (text: string, viewport: Viewport, tone: Tone = 'plain'): readonly Line[] =>
  wrapWords(text, contentWidth(viewport)).map(part => line(span(part, tone)));

/** Something is being worked out. No motion: a line that changes costs bytes and says no more. */
export const busyLines = (text: string, viewport: Viewport): readonly Line[] => [
  line(span(`${viewport.glyphs.running} `, 'accent'), `${text} ...`),
];

/** What was seen, what it means, what to do. The same order in every rendering. */
export function errorLines(error: ErrorReport, viewport: Viewport): readonly Line[] {
  const command =
    error.command === undefined
      ? []
      : labelled(
          'Command',
          error.status === undefined ? error.command : `${error.command} (${error.status})`,
          viewport,
        );
  const tail = error.tail?.split('\n').filter(text => text.trim() !== '') ?? [];
  return [
    ...labelled('Seen', error.message, viewport, { tone: 'strong' }),
    ...command,
    ...(error.hint === undefined ? [] : labelled('Means', error.hint, viewport)),
    ...error.nextSteps.flatMap((text, index) =>
      labelled(index === 0 ? 'To do' : '', `${index + 1}. ${text}`, viewport),
    ),
    ...tail.flatMap((text, index) => labelled(index === 0 ? 'It said' : '', text, viewport, { tone: 'dim' })),
  ];
}

/** A screen whose question failed: `what` failed, why, and that `r` asks again. */
export const failureParts = (what: string, again: string, error: ErrorReport, viewport: Viewport) => ({
  head: [],
  body: [...paragraph(what, viewport, 'bad'), ...errorLines(error, viewport)],
  foot: paragraph(`Press r to ${again}.`, viewport),
});

/** Lines of the services name what is left out and why: a note that only repeats that is not shown twice. */
export const notesBesidesServices = (
  notes: readonly string[],
  services: readonly PlannedService[],
): readonly string[] =>
  notes.filter(note => !services.some(({ name, start }) => !start && note.startsWith(`${name} `)));
