/** Draws lines that were laid out for the size of the terminal. Nothing here measures or wraps. */

import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Line, Span } from '../present/tone.ts';
import { toneStyles } from './theme.ts';

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

/** A whole screen: as many lines as the terminal has rows. */
export const Lines = ({ lines, rows }: { readonly lines: readonly Line[]; readonly rows: number }) => {
  const keyed = lines.slice(0, rows).map((content, row) => ({ content, id: `row-${row}` }));
  return (
    <Box flexDirection="column" height={rows} overflow="hidden">
      {keyed.map(({ content, id }) => (
        <LineView key={id} content={content} />
      ))}
    </Box>
  );
};
