/** The commands of the status screen, and how a table of its keys is written. */

import type { PlainStatusIntent } from '../../app/monitor/status-view.ts';
import { bind } from './key-hints.ts';

export type StatusCommand =
  | PlainStatusIntent
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
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
  | 'line-up'
  | 'line-down'
  | 'actions'
  | 'restart'
  | 'stop'
  | 'start'
  | 'recreate'
  | 'select-answer'
  | 'help';

export const help = bind('help', ['?'], 'keys', 'Show or hide all keys');
