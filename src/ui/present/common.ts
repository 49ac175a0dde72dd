/** What several screens say in the same words: modes, levels, groups, titles, labelled paragraphs. */

import type { ErrorReport } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Level } from '../../core/plan/plan.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { fitCells, lineWidth, spread, textWidth, wrapWords } from './format.ts';
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
    readonly level: Level;
    readonly right: readonly string[];
  },
): Line {
  const separator = span(` ${viewport.glyphs.separator} `, 'dim');
  const word = levelWord(facts.level);
  const left: Span[] = [
    span(facts.name, 'strong'),
    separator,
    facts.mode === undefined ? span('no mode yet', 'dim') : span(modeWord(facts.mode), modeTone(facts.mode)),
    ...(word === undefined ? [] : [separator, span(word, 'warn')]),
  ];
  const width = contentWidth(viewport);
  const right = facts.right.find(text => lineWidth(left) + textWidth(text) + 2 <= width) ?? '';
  return spread(left, line(span(right, 'dim')), width, viewport.glyphs);
}

/** `Label      text`, the text wrapped beside the label. Below 60 columns the text stands under the label. */
export function labelled(
  label: string,
  text: string,
  viewport: Viewport,
  options: { readonly labelWidth?: number; readonly tone?: Tone } = {},
): readonly Line[] {
  const { labelWidth = 11, tone = 'plain' } = options;
  const width = contentWidth(viewport);
  const isNarrow = width < 58;
  const indent = isNarrow ? 2 : labelWidth;
  const wrapped = wrapWords(text, width - indent);
  if (isNarrow) {
    const [only] = wrapped;
    if (wrapped.length === 1 && only !== undefined && textWidth(label) + 1 + textWidth(only) <= width) {
      return [line(span(`${label} `, 'dim'), span(only, tone))];
    }
    return [line(span(label, 'dim')), ...wrapped.map(part => line('  ', span(part, tone)))];
  }
  return wrapped.map((part, index) =>
    line(span(fitCells(index === 0 ? label : '', labelWidth), 'dim'), span(part, tone)),
  );
}

/** A paragraph, wrapped. */
export const paragraph = (text: string, viewport: Viewport, tone: Tone = 'plain'): readonly Line[] =>
  wrapWords(text, contentWidth(viewport)).map(part => line(span(part, tone)));

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
