/** What stands while a screen is made ready. */

import type { ErrorReport } from '../../core/error.ts';
import { busyLines, errorLines } from './common.ts';
import { composeScreen, contentWidth, type Viewport } from './compose-screen.ts';
import { footerLine, type KeyBinding } from './key-hints.ts';
import { type Line, line, span } from './tone.ts';

export const openingKeys: readonly KeyBinding[] = [
  { command: 'quit', keys: ['q', 'ctrl-c', 'escape'], label: 'quit', explanation: 'Leave', display: 'q' },
];

export type OpeningState = { readonly what: string; readonly error: ErrorReport | undefined };

export const lookingAtDeployment: OpeningState = { what: 'Looking at the deployment', error: undefined };

export const presentOpening = ({ what, error }: OpeningState, viewport: Viewport): readonly Line[] =>
  composeScreen(
    {
      title: line(span('HomeIQ', 'strong')),
      head: [],
      body: error === undefined ? busyLines(what, viewport) : errorLines(error, viewport),
      foot: [],
      footer: footerLine(openingKeys, contentWidth(viewport), viewport.glyphs),
    },
    viewport,
  );
