/** What the keys of the wizard mean, and how their tables are written. */

import type { PlainWizardIntent } from '../../app/wizard/wizard-state.ts';
import { bind, type KeyBinding } from './key-hints.ts';

export type WizardCommand = PlainWizardIntent | 'up' | 'down' | 'page-up' | 'page-down' | 'select' | 'help';

export type Binding = KeyBinding<WizardCommand>;

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
