/** Tones as colours of the terminal. The sixteen basic colours only: they follow the operator's own palette. */

import type { TextProps } from 'ink';
import type { Tone } from '../present/tone.ts';

/** With `NO_COLOR` Ink is told to draw none of this; the words and glyphs say the same. */
export const toneStyles: Readonly<Record<Tone, Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'inverse'>>> =
  {
    plain: {},
    strong: { bold: true },
    dim: { dimColor: true },
    good: { color: 'green' },
    warn: { color: 'yellow' },
    bad: { color: 'red', bold: true },
    accent: { color: 'cyan' },
    match: { inverse: true },
  };
