/** From keys to what they mean for the status screen, by the table of what is shown. */

import type { StatusIntent, StatusView } from '../../../app/monitor/status-view.ts';
import { findCommand } from '../../present/key-hints.ts';
import { type StatusCommand, statusKeys } from '../../present/status-keys.ts';
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
    case 'actions':
      return { kind: 'ask', action: undefined };
    case 'restart':
    case 'stop':
    case 'start':
      return { kind: 'ask', action: command };
    case 'select-answer':
      return { kind: 'select-answer', index: Number(key) - 1 };
    case 'help':
      return undefined;
    default:
      return { kind: command };
  }
}

/** What the key means now; undefined when it means nothing here. */
export function readStatusKey(view: StatusView, event: KeyEvent): StatusIntent | undefined {
  const key = event.kind === 'key' ? event.key : '';
  const command = findCommand(statusKeys(view), key);
  if (command !== undefined) return intentOf(command, key);
  if (!view.isFiltering) return undefined;
  const edit = readEdit(event);
  return edit === undefined ? undefined : { kind: 'edit-filter', edit };
}
