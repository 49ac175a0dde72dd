/** The keys of a log that has the whole screen. */

import type { StatusView } from '../../app/monitor/status-view.ts';
import { bind, type KeyBinding } from './key-hints.ts';
import { help, type StatusCommand } from './status-commands.ts';

const leave = bind('quit', ['ctrl-c'], undefined, 'Leave; everything goes on running');

const searchKeys: readonly KeyBinding<StatusCommand>[] = [
  bind('log-keep-search', ['enter'], 'newest', 'Look at the newest line that has it'),
  bind('log-clear-search', ['escape'], 'no search', 'Search for nothing'),
  leave,
];

/** The keys that act now, those for the footer in the order of their weight. */
export function logKeys({ log }: StatusView): readonly KeyBinding<StatusCommand>[] {
  if (log.isSearching) return searchKeys;
  const hasSearch = log.search.text.trim() !== '';
  return [
    bind(
      'log-pause',
      ['f', 'space'],
      log.bottom === undefined ? 'pause' : 'follow',
      'Hold what is shown, or follow again',
      'f',
    ),
    bind('log-search', ['/'], 'search', 'Search; upper and lower case are alike'),
    bind('log-older', ['n'], hasSearch ? 'older' : undefined, 'The next older line that was searched for'),
    bind('log-newer', ['N'], hasSearch ? 'newer' : undefined, 'The next newer line that was searched for'),
    bind('log-level', ['v'], 'level', 'Leave out what is less than information, a warning, an error'),
    bind('log-wrap', ['w'], log.isWrapped ? 'cut' : 'wrap', 'Wrap long lines, or cut them'),
    bind('log-times', ['t'], 'times', 'Times as local time, as UTC, or none'),
    bind('log-save', ['s'], 'save', 'Save the lines that are held, as the level leaves them, to a new file'),
    bind('log-close', ['escape', 'q'], 'back', 'Back to where it was opened from'),
    bind(
      'log-of-all',
      ['L', 'tab'],
      log.isOfAll ? 'one' : 'all',
      'All services in one log, or the selected one',
    ),
    help,
    ...(log.isOfAll ? [] : [bind('pager', ['p'], undefined, 'All of it in your pager ($PAGER, else less)')]),
    bind('toggle-log', ['l'], undefined, 'Close the log'),
    bind('log-previous', ['left', '['], undefined, 'The log of the service before'),
    bind('log-next', ['right', ']'], undefined, 'The log of the service after'),
    bind('line-up', ['up', 'k'], undefined, 'One line back in time'),
    bind('line-down', ['down', 'j'], undefined, 'One line towards the newest'),
    bind('page-up', ['page-up', 'b'], undefined, 'Ten lines back in time'),
    bind('page-down', ['page-down'], undefined, 'Ten lines towards the newest; at the end it follows'),
    bind('first', ['home', 'g'], undefined, 'The oldest line that is held'),
    bind('last', ['end', 'G'], undefined, 'The newest line; it follows again'),
    leave,
  ];
}
