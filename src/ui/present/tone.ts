/** The vocabulary of the presentation: what is said, in which tone, in which row. No colours and no escapes here. */

/**
 * How a text is meant. A tone never carries a meaning alone: a word or a glyph says the same. `match` is what was searched
 * for.
 */
export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent' | 'match';

/** A piece of text in one tone. */
export type Span = { readonly text: string; readonly tone: Tone };

/** One line of a screen. Made for a given width: no rendering wraps it. */
export type Line = readonly Span[];

/** One cell of a table. It is cut to the width of its column. */
export type Cell = {
  readonly text: string;
  readonly tone: Tone;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
};

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });

export const line = (...parts: readonly (Span | string)[]): Line =>
  parts.map(part => (typeof part === 'string' ? span(part) : part));

export const emptyLine: Line = [];

export const cell = (text: string, tone: Tone = 'plain', align: 'left' | 'right' = 'left'): Cell => ({
  text,
  tone,
  align,
});

/** The words of a line, without tones. */
export const lineText = (spans: Line): string => spans.map(part => part.text).join('');
