/** The commands of the status screen, and how a table of its keys is written. */

import type { KeyBinding } from './key-hints.ts';

export type StatusCommand =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'toggle'
  | 'open'
  | 'close'
  | 'fold-all'
  | 'toggle-log'
  | 'log-of-all'
  | 'log-close'
  | 'log-pause'
  | 'log-search'
  | 'log-keep-search'
  | 'log-clear-search'
  | 'log-older'
  | 'log-newer'
  | 'log-previous'
  | 'log-next'
  | 'log-level'
  | 'log-wrap'
  | 'log-times'
  | 'log-save'
  | 'line-up'
  | 'line-down'
  | 'toggle-events'
  | 'filter'
  | 'keep-filter'
  | 'clear-filter'
  | 'sort'
  | 'actions'
  | 'restart'
  | 'stop'
  | 'start'
  | 'answer'
  | 'select-answer'
  | 'cancel'
  | 'switch-mode'
  | 'quit'
  | 'help';

/** A row of a table of keys. */
export const bind = (
  command: StatusCommand,
  keys: readonly string[],
  label: string | undefined,
  explanation: string,
  display?: string,
): KeyBinding<StatusCommand> => ({
  command,
  keys,
  label,
  explanation,
  ...(display === undefined ? {} : { display }),
});

export const help = bind('help', ['?'], 'keys', 'Show or hide all keys');
