/**
 * Draws frames by their differences. Ink has the terminal, the keys and the components; composing and measuring a whole
 * frame for each change is what it is not needed for: a frame is lines already.
 */

import { type DiffOptions, diffFrames, type Frame } from './frame-diff.ts';

export type Size = { readonly columns: number; readonly rows: number };

export type Painter = {
  /** Draws what differs, at once or a moment later when something was just drawn. A new size draws everything. */
  readonly paint: (frame: Frame, size: Size) => void;
  /** What is on the screen is not known any more: everything is drawn anew. */
  readonly repaint: () => void;
  /** The same a moment later, when a new size has drawn everything perhaps. */
  readonly repaintSoon: () => void;
  /** Draws nothing while the terminal belongs to `work`. */
  readonly lend: (work: () => Promise<void>) => Promise<void>;
  /** Draws nothing any more. */
  readonly stop: () => void;
};

/** As often as the eye follows; a key that comes right after a drawing waits no longer than this. */
const frameMs = 33;
/**
 * Terminals that know it show what is between them at once (mode 2026); others let it pass. Meanwhile no row goes on in the
 * next one (mode 7): where a terminal counts a character wider than it is counted here, that row alone is spoilt.
 */
const beginTogether = '\x1b[?2026h\x1b[?7l';
const endTogether = '\x1b[?7h\x1b[?2026l';

export function createPainter(options: DiffOptions & { readonly write: (text: string) => void }): Painter {
  let wanted: { readonly frame: Frame; readonly size: Size } | undefined;
  /** What is on the screen; undefined when that is not known. */
  let shown: { readonly frame: Frame; readonly size: Size } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isLent = false;
  let isStopped = false;

  const rest = (): void => {
    timer = setTimeout(() => {
      timer = undefined;
      draw();
    }, frameMs);
    timer.unref();
  };
  const draw = (): void => {
    if (wanted === undefined || isLent || isStopped) return;
    const isSameSize = shown?.size.columns === wanted.size.columns && shown.size.rows === wanted.size.rows;
    const text = diffFrames(isSameSize ? shown?.frame : undefined, wanted.frame, options);
    shown = wanted;
    if (text === '') return;
    options.write(`${beginTogether}${text}${endTogether}`);
    rest();
  };

  return {
    paint: (frame, size) => {
      wanted = { frame, size };
      if (timer === undefined) draw();
    },
    repaint: () => {
      shown = undefined;
      draw();
    },
    repaintSoon: () => {
      shown = undefined;
      if (timer === undefined) rest();
    },
    lend: async work => {
      isLent = true;
      try {
        await work();
      } finally {
        isLent = false;
        shown = undefined;
        draw();
      }
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
