/**
 * What is on the screen before Ink is loaded: three quarters of the time until something can be read go into loading it.
 * Ink takes over the same terminal; when it never does, the terminal is given back as it was.
 */

import type { Viewport } from '../present/compose-screen.ts';
import { chooseGlyphs } from '../present/glyphs.ts';
import { lookingAtDeployment, presentOpening } from '../present/opening.ts';
import type { Line } from '../present/tone.ts';
import { createPainter } from './painter.ts';
import { hasStyles } from './painting.ts';

const enter = '\x1b[?1049h\x1b[?25l';
const leave = '\x1b[?1049l\x1b[?25h';

export type EarlyFrame = {
  /** Draws something else. */
  readonly draw: (present: (viewport: Viewport) => readonly Line[]) => void;
  /** From here on somebody else draws, and gives the terminal back. */
  readonly handOver: () => void;
  /** Gives the terminal back, unless it was handed over. */
  readonly end: () => void;
};

/** Draws at once. `environment` is read for the glyphs and the colours. */
export function showEarlyFrame(
  stdout: Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write'>,
  environment: Readonly<Record<string, string | undefined>>,
): EarlyFrame {
  const glyphs = chooseGlyphs(environment);
  const painter = createPainter({
    hasStyles: hasStyles(environment),
    write: text => stdout.write(text),
  });
  const draw: EarlyFrame['draw'] = present => {
    const { columns, rows } = stdout;
    painter.paint(present({ columns, rows, glyphs }), { columns, rows });
  };
  let isOurs = true;
  const handOver = (): void => {
    painter.stop();
    isOurs = false;
  };
  stdout.write(enter);
  draw(viewport => presentOpening(lookingAtDeployment, viewport));
  return {
    draw,
    handOver,
    end: () => {
      if (isOurs) stdout.write(leave);
      handOver();
    },
  };
}
