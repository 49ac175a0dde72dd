/** All keys of the screen that is shown, on a screen of their own. */

import { composeScreen, contentWidth, type Viewport } from './compose-screen.ts';
import { helpLines, type KeyBinding } from './key-hints.ts';
import { type Line, line, span } from './tone.ts';

/** Exactly `viewport.rows` lines. `scroll` is the first binding to show. */
export const presentHelp = (
  bindings: readonly KeyBinding[],
  scroll: number,
  viewport: Viewport,
): readonly Line[] =>
  composeScreen(
    {
      title: line(span('Keys on this screen', 'strong')),
      head: [],
      body: helpLines(bindings, contentWidth(viewport), viewport.glyphs),
      scroll,
      foot: [],
      footer: line(span('any key', 'accent'), span(' back to the screen', 'dim')),
    },
    viewport,
  );
