/** Tones as colours of the terminal. The sixteen basic colours only: they follow the operator's own palette. */

import type { TextProps } from 'ink';
import type { Tone } from '../present/tone.ts';

/** With `NO_COLOR` none of this is drawn; the words and glyphs say the same. */
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

/** The same as parameters of the sequence that sets them (ECMA-48, SGR). */
export const toneCodes: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '1',
  dim: '2',
  good: '32',
  warn: '33',
  bad: '31;1',
  accent: '36',
  match: '7',
};
