/** Draws lines that were laid out for the size of the terminal. Nothing here measures or wraps. */

import { Box, Text } from 'ink';
import { createContext, memo, useContext, useLayoutEffect } from 'react';
import type { Line, Span } from '../present/tone.ts';
import type { Painter, Size } from './painter.ts';
import { toneStyles } from './theme.ts';

/** Who draws. Without one Ink does: for a screen reader, which wants whole lines, and for Ink's own testing library. */
export const PainterContext = createContext<Painter | undefined>(undefined);

const LineSpans = ({ spans }: { readonly spans: readonly Span[] }) => {
  // Positions are what the pieces of a line are told apart by: they have no other identity.
  const keyed = spans.map((part, position) => ({ part, id: `span-${position}` }));
  return keyed.map(({ part, id }) => (
    <Text key={id} {...toneStyles[part.tone]}>
      {part.text}
    </Text>
  ));
};

const isSameLine = (a: { readonly content: Line }, b: { readonly content: Line }): boolean =>
  a.content === b.content ||
  (a.content.length === b.content.length &&
    a.content.every(
      (part, index) => part.text === b.content[index]?.text && part.tone === b.content[index]?.tone,
    ));

/** One line; drawn again only when it says something else. */
const LineView = memo(
  ({ content }: { readonly content: Line }) => (
    <Text wrap="truncate">{content.length === 0 ? ' ' : <LineSpans spans={content} />}</Text>
  ),
  isSameLine,
);

type LinesProps = { readonly lines: readonly Line[]; readonly size: Size };

const InkLines = ({ lines, size: { rows } }: LinesProps) => {
  const keyed = lines.map((content, row) => ({ content, id: `row-${row}` }));
  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      {keyed.map(({ content, id }) => (
        <LineView key={id} content={content} />
      ))}
    </Box>
  );
};

/** Leaves nothing for Ink to draw. */
const PaintedLines = ({ lines, size, painter }: LinesProps & { readonly painter: Painter }) => {
  useLayoutEffect(() => painter.paint(lines, size));
  return undefined;
};

/** A whole screen: as many lines as the terminal has rows. */
export const Lines = ({ lines, size }: LinesProps) => {
  const painter = useContext(PainterContext);
  const shown = lines.slice(0, size.rows);
  return painter === undefined ? (
    <InkLines lines={shown} size={size} />
  ) : (
    <PaintedLines lines={shown} size={size} painter={painter} />
  );
};
