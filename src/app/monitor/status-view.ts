/** What the operator looks at on the status screen, and what keys can mean there. What they change: `reduce-status-view`. */

import type { LogEntry } from '../../core/logs/log-entry.ts';
import type { ServiceGroup } from '../../core/stack/stack.ts';
import type {
  ActionOffer,
  ServiceAction,
  ServiceCommand,
  TerminalRequest,
} from '../../core/status/service-actions.ts';
import type { SortOrder } from '../../core/status/status-rows.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { type TextBuffer, type TextEdit, textBuffer } from '../../core/text/text-buffer.ts';
import type { LogState, LogTarget } from './log-follower.ts';
import { firstLogView, type LogIntent, type LogView } from './log-view.ts';

/** `details` describes the selected row; `log` and `events` lie under the table, or over it where there is no room. */
export type StatusPane = 'none' | 'details' | 'log' | 'events' | 'box' | 'data' | 'doctor';

export type StatusQuestion = {
  /** What is marked or selected; an answer may be for some of them only. */
  readonly services: readonly string[];
  readonly answers: readonly ActionOffer[];
  readonly selected: number;
};

export type StatusView = {
  /** It was opened to look only: nothing is changed from here. */
  readonly isReadOnly: boolean;
  /** The id of a row; when it is not there, the first row is meant. */
  readonly selected: string | undefined;
  /** Names of services: what is done is done with these, and with the selected row when there are none. */
  readonly marked: readonly string[];
  readonly closedGroups: readonly ServiceGroup[];
  readonly sort: SortOrder;
  /** What CPU figures are a share of: all cores together, or one. */
  readonly cpuBase: 'machine' | 'core';
  readonly filter: TextBuffer;
  /** The filter is being typed. */
  readonly isFiltering: boolean;
  readonly pane: StatusPane;
  readonly log: LogView;
  /** How many events are below the last one shown. */
  readonly eventScroll: number;
  /** How many lines of what the doctor says are above the first one shown. */
  readonly doctorScroll: number;
  readonly question: StatusQuestion | undefined;
  /** What is being done, what was done, or why it failed; gone with the next key once it is over. */
  readonly notice: { readonly kind: 'busy' | 'done' | 'failed'; readonly text: string } | undefined;
  /** Undefined: the operator goes on looking. */
  readonly ending: 'quit' | 'switch-mode' | undefined;
};

/** What a key can mean without saying more. */
export type PlainStatusIntent =
  | 'toggle'
  | 'open'
  | 'close'
  | 'fold-all'
  | 'mark'
  | 'shell'
  | 'pager'
  | 'toggle-log'
  /** The log of all services, on the whole screen; again: of the selected one. */
  | 'log-of-all'
  | 'log-close'
  | 'log-save'
  | 'toggle-events'
  /** The machine; again: the data; again: closed. */
  | 'toggle-box'
  /** Opens what the doctor says, and has it look. */
  | 'doctor'
  | 'filter'
  | 'keep-filter'
  | 'clear-filter'
  | 'sort'
  | 'cpu-base'
  | 'answer'
  | 'cancel'
  | 'switch-mode'
  | 'quit';

export type StatusIntent =
  | { readonly kind: PlainStatusIntent }
  | LogIntent
  /** The log of the service before or after this one. */
  | { readonly kind: 'log-service'; readonly by: number }
  | { readonly kind: 'move'; readonly by: number }
  /** Towards what is older when negative. */
  | { readonly kind: 'scroll'; readonly by: number }
  /** By number, from 0. */
  | { readonly kind: 'select-answer'; readonly index: number }
  /** Undefined: all that can be done. */
  | { readonly kind: 'ask'; readonly action: ServiceAction | undefined }
  | { readonly kind: 'edit-filter'; readonly edit: TextEdit };

export type StatusEffect =
  | { readonly kind: 'follow-log'; readonly target: LogTarget }
  /** What is shown of the log stays, or goes on. */
  | { readonly kind: 'hold-log'; readonly isHeld: boolean }
  /** `name` is what the file is called after. */
  | { readonly kind: 'save-log'; readonly name: string; readonly lines: readonly LogEntry[] }
  | { readonly kind: 'act'; readonly command: ServiceCommand }
  | { readonly kind: 'open'; readonly request: TerminalRequest }
  | { readonly kind: 'ask-health'; readonly service: string }
  | { readonly kind: 'diagnose' };

export type StatusStep = { readonly view: StatusView; readonly effects: readonly StatusEffect[] };

/** What a key is judged by besides the view itself. */
export type StatusSight = {
  readonly status: StatusState;
  readonly logs: LogState;
};

export const firstStatusView: StatusView = {
  isReadOnly: false,
  selected: undefined,
  marked: [],
  closedGroups: [],
  sort: 'group',
  cpuBase: 'machine',
  filter: textBuffer(''),
  isFiltering: false,
  pane: 'none',
  log: firstLogView,
  eventScroll: 0,
  doctorScroll: 0,
  question: undefined,
  notice: undefined,
  ending: undefined,
};
