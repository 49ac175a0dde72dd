/** From keys to what they mean for the status screen, by the table of what is shown. */

import type { StatusIntent, StatusView } from '../../../app/monitor/status-view.ts';
import { findCommand } from '../../present/key-hints.ts';
import type { StatusCommand } from '../../present/status-commands.ts';
import { statusKeys } from '../../present/status-keys.ts';
import { readEdit } from '../edit-keys.ts';
import type { KeyEvent } from '../keys.ts';

const pageRows = 10;
/** Further than any list is long. */
const farRows = 10_000;

function intentOf(command: StatusCommand, key: string): StatusIntent | undefined {
  switch (command) {
    case 'up':
      return { kind: 'move', by: -1 };
    case 'down':
      return { kind: 'move', by: 1 };
    case 'first':
      return { kind: 'scroll', by: -farRows };
    case 'last':
      return { kind: 'scroll', by: farRows };
    case 'page-up':
      return { kind: 'scroll', by: -pageRows };
    case 'page-down':
      return { kind: 'scroll', by: pageRows };
    case 'line-up':
      return { kind: 'log-scroll', by: -1 };
    case 'line-down':
      return { kind: 'log-scroll', by: 1 };
    case 'log-older':
      return { kind: 'log-find', towards: 'up' };
    case 'log-newer':
      return { kind: 'log-find', towards: 'down' };
    case 'log-previous':
      return { kind: 'log-service', by: -1 };
    case 'log-next':
      return { kind: 'log-service', by: 1 };
    case 'actions':
      return { kind: 'ask', action: undefined };
    case 'restart':
    case 'stop':
    case 'start':
    case 'recreate':
      return { kind: 'ask', action: command };
    case 'select-answer':
      return { kind: 'select-answer', index: Number(key) - 1 };
    case 'help':
      return undefined;
    case 'log-pause':
    case 'log-search':
    case 'log-keep-search':
    case 'log-clear-search':
    case 'log-level':
    case 'log-wrap':
    case 'log-times':
      return { kind: command };
    default:
      return { kind: command };
  }
}

/** What the key means now; undefined when it means nothing here. */
export function readStatusKey(view: StatusView, event: KeyEvent): StatusIntent | undefined {
  const key = event.kind === 'key' ? event.key : '';
  const command = findCommand(statusKeys(view), key);
  if (command !== undefined) return intentOf(command, key);
  if (!view.isFiltering && !view.log.isSearching) return undefined;
  const edit = readEdit(event);
  if (edit === undefined) return undefined;
  return { kind: view.log.isSearching ? 'log-edit-search' : 'edit-filter', edit };
}
