/** What the shell shows. A screen is a store, a view, and what keys do; the shell owns the terminal. */

import type { ComponentType } from 'react';
import type { Store } from '../../app/store.ts';
import type { ExitCode } from '../../core/error.ts';
import type { Glyphs } from '../present/glyphs.ts';
import type { KeyBinding } from '../present/key-hints.ts';
import type { KeyEvent } from './keys.ts';

/** The terminal, in cells. Views get it as a property and measure nothing. */
export type Size = { readonly columns: number; readonly rows: number };

export type ViewProps = { readonly size: Size; readonly glyphs: Glyphs };

export type TuiScreen = {
  /** The shell draws the view again when this changes. */
  readonly store: Store<unknown>;
  /** Draws exactly `size.rows` lines, none wider than `size.columns`; reads the screen's state by itself. */
  readonly View: ComponentType<ViewProps>;
  /** Gets every key but those of the shell (`?` outside of a text field, and the keys of the open help). */
  readonly handleKey: (event: KeyEvent) => void;
  /** The keys that act now, for the help. */
  readonly bindings: () => readonly KeyBinding[];
  /** A text field has the keyboard: `?` is a character. */
  readonly isTyping: () => boolean;
  /** Called once when the shell leaves the screen: ends followers and timers. */
  readonly dispose: () => void;
};

/** What a screen may ask of the shell. */
export type Shell = {
  /** Leaves the present screen for another. */
  readonly show: (next: TuiScreen) => void;
  /** Ends the program. `farewell` is printed on the main screen, one line each. */
  readonly exit: (code: ExitCode, farewell?: readonly string[]) => void;
  /** Gives the terminal to another program (a pager, a shell) and takes it back when the promise settles. */
  readonly suspend: (work: () => Promise<void>) => Promise<void>;
};
