/** What the keys of the wizard mean, and how their tables are written. */

import type { KeyBinding } from './key-hints.ts';

export type WizardCommand =
  | 'continue'
  | 'back'
  | 'quit'
  | 'interrupt'
  | 'check-again'
  | 'toggle-details'
  | 'rehearse'
  | 'open'
  | 'close'
  | 'toggle-left-out'
  | 'toggle-advanced'
  | 'search'
  | 'edit'
  | 'edit-next'
  | 'edit-previous'
  | 'reveal'
  | 'use-default'
  | 'keep-typed'
  | 'take-correction'
  | 'delete-data'
  | 'toggle-env'
  | 'toggle-commands'
  | 'toggle-log'
  | 'change-settings'
  | 'switch-back'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'select'
  | 'help';

export type Binding = KeyBinding<WizardCommand>;

/** One line of a table. Without a label it is in the help only. */
export const bind = (
  command: WizardCommand,
  keys: readonly string[],
  label: string | undefined,
  explanation: string,
  display?: string,
): Binding => ({ command, keys, label, explanation, ...(display === undefined ? {} : { display }) });

/** Enter, which always goes on. */
export const enter = (label: string, explanation: string): Binding =>
  bind('continue', ['enter'], label, explanation);

export const scrollDown = bind('down', ['down', 'j'], undefined, 'One down');
export const scrolling: readonly Binding[] = [
  bind('up', ['up', 'k'], undefined, 'One up'),
  scrollDown,
  bind('page-up', ['page-up'], undefined, 'Ten up'),
  bind('page-down', ['page-down'], undefined, 'Ten down'),
];
