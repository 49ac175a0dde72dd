/** What the shell shows. A screen is a store, a view, and what keys do; the shell owns the terminal. */

import type { ReactNode } from 'react';
import type { Store } from '../../app/store.ts';
import type { ExitCode } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Glyphs } from '../present/glyphs.ts';
import type { KeyBinding } from '../present/key-hints.ts';
import type { KeyEvent } from './keys.ts';

/** The terminal, in cells. Views get it as a property and measure nothing. */
type Size = { readonly columns: number; readonly rows: number };

export type ViewProps = { readonly size: Size; readonly glyphs: Glyphs };

export type TuiScreen = {
  /** The screen's state, for the shell and the tests to look at. */
  readonly store: Store<unknown>;
  /**
   * An element that draws exactly `size.rows` lines, none wider than `size.columns`, and reads the screen's state by
   * itself (`useStore`). Its component is defined at the top of a module.
   */
  readonly draw: (props: ViewProps) => ReactNode;
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
  /** Leaves the present screen for the change from this mode to the other. */
  readonly switchFrom: (mode: Mode) => void;
  /** Ends the program. `farewell` is printed on the main screen, one line each. */
  readonly exit: (code: ExitCode, farewell?: readonly string[]) => void;
  /** Gives the terminal to another program (a pager, a shell) and takes it back when the promise settles. */
  readonly suspend: (work: () => Promise<void>) => Promise<void>;
};
