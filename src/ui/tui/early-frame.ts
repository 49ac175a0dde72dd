/**
 * The first frame, before Ink is loaded: three quarters of the time until something can be read go into loading it. Ink
 * takes over the same terminal; when it never does, the terminal is given back as it was.
 */

import { chooseGlyphs } from '../present/glyphs.ts';
import { presentOpening } from '../present/opening.ts';
import { diffFrames } from './frame-diff.ts';
import { hasStyles } from './painting.ts';

const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?1049l\x1b[?25h';

export type EarlyFrame = {
  /** From here on somebody else gives the terminal back. */
  readonly handOver: () => void;
  /** Gives the terminal back, unless it was handed over. */
  readonly end: () => void;
};

/** Draws at once. `environment` is read for the glyphs and the colours. */
export function showEarlyFrame(
  stdout: Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write'>,
  environment: Readonly<Record<string, string | undefined>>,
  what: string,
): EarlyFrame {
  const { columns, rows } = stdout;
  const lines = presentOpening(
    { what, error: undefined },
    { columns, rows, glyphs: chooseGlyphs(environment) },
  );
  let isOurs = true;
  stdout.write(`${enter}${diffFrames(undefined, lines, { hasStyles: hasStyles(environment) })}`);
  return {
    handOver: () => {
      isOurs = false;
    },
    end: () => {
      if (isOurs) stdout.write(leave);
      isOurs = false;
    },
  };
}
