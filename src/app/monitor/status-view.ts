/** What the operator looks at on the status screen, and what keys change of it. Pure; effects are data. */

import type { LogEntry } from '../../core/logs/log-entry.ts';
import { visibleLines } from '../../core/logs/log-sight.ts';
import { type ServiceGroup, serviceGroups } from '../../core/stack/stack.ts';
import {
  type SortOrder,
  type StatusRow,
  selectedRow,
  sortOrders,
  statusRows,
} from '../../core/status/status-rows.ts';
import { isRunningState, type StatusState } from '../../core/status/status-state.ts';
import { editText, type TextBuffer, type TextEdit, textBuffer } from '../../core/text/text-buffer.ts';
import { isSameTarget, type LogState, type LogTarget } from './log-follower.ts';
import { firstLogView, type LogIntent, type LogView, reduceLogView } from './log-view.ts';
import type { ServiceAction, ServiceCommand } from './monitor.ts';

/** `details` describes the selected row; `log` and `events` lie under the table, or over it where there is no room. */
type StatusPane = 'none' | 'details' | 'log' | 'events';

export type StatusQuestion = {
  readonly services: readonly string[];
  readonly answers: readonly ServiceAction[];
  readonly selected: number;
};

export type StatusView = {
  /** The id of a row; when it is not there, the first row is meant. */
  readonly selected: string | undefined;
  readonly closedGroups: readonly ServiceGroup[];
  readonly sort: SortOrder;
  readonly filter: TextBuffer;
  /** The filter is being typed. */
  readonly isFiltering: boolean;
  readonly pane: StatusPane;
  readonly log: LogView;
  /** How many events are below the last one shown. */
  readonly eventScroll: number;
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
  | 'toggle-log'
  /** The log of all services, on the whole screen; again: of the selected one. */
  | 'log-of-all'
  | 'log-close'
  | 'log-save'
  | 'toggle-events'
  | 'filter'
  | 'keep-filter'
  | 'clear-filter'
  | 'sort'
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
  | { readonly kind: 'act'; readonly command: ServiceCommand };

export type StatusStep = { readonly view: StatusView; readonly effects: readonly StatusEffect[] };

/** What a key is judged by besides the view itself. */
export type StatusSight = {
  readonly status: StatusState;
  readonly logs: LogState;
  /** False: this is a place to look only. */
  readonly canAct: boolean;
};

export const firstStatusView: StatusView = {
  selected: undefined,
  closedGroups: [],
  sort: 'group',
  filter: textBuffer(''),
  isFiltering: false,
  pane: 'none',
  log: firstLogView,
  eventScroll: 0,
  question: undefined,
  notice: undefined,
  ending: undefined,
};

const stay = (view: StatusView): StatusStep => ({ view, effects: [] });

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

const rowsOf = (view: StatusView, status: StatusState): readonly StatusRow[] =>
  statusRows(status.services, { ...view, filter: view.filter.text });

const rowNow = (view: StatusView, { status }: StatusSight): StatusRow | undefined =>
  selectedRow(rowsOf(view, status), view.selected);

function logTarget(view: StatusView, sight: StatusSight): LogTarget {
  if (view.pane !== 'log') return { kind: 'none' };
  if (view.log.isOfAll) return { kind: 'all' };
  const row = rowNow(view, sight);
  if (row === undefined) return { kind: 'none' };
  if (row.kind === 'service') return { kind: 'services', names: [row.service.name] };
  return { kind: 'services', names: row.services.map(({ name }) => name), group: row.group };
}

/** The log pane shows the log of what is selected, whichever that is now. */
function withLog(view: StatusView, sight: StatusSight): StatusStep {
  const target = logTarget(view, sight);
  if (isSameTarget(target, sight.logs.target)) return stay(view);
  return {
    view: { ...view, log: { ...view.log, bottom: undefined, found: undefined } },
    effects: [{ kind: 'follow-log', target }],
  };
}

/** In the pane under the table, on the whole screen, closed again. */
function toggleLog(view: StatusView, sight: StatusSight): StatusStep {
  const { log, pane } = view;
  if (pane !== 'log') return withLog({ ...view, pane: 'log', log: { ...log, isFull: false } }, sight);
  if (!log.isFull) return stay({ ...view, log: { ...log, isFull: true } });
  return withLog({ ...view, pane: 'none', log: { ...log, isFull: false, isOfAll: false } }, sight);
}

function toggleAll(view: StatusView, sight: StatusSight): StatusStep {
  const isOfAll = !(view.pane === 'log' && view.log.isOfAll);
  return withLog({ ...view, pane: 'log', log: { ...view.log, isFull: true, isOfAll } }, sight);
}

/** Back to where it was opened from: the pane of one service, or the table. */
const closeLog = (view: StatusView, sight: StatusSight): StatusStep =>
  withLog(
    {
      ...view,
      pane: view.log.isOfAll ? 'none' : 'log',
      log: { ...view.log, isFull: false, isOfAll: false },
    },
    sight,
  );

function selectNeighbour(view: StatusView, by: number, sight: StatusSight): StatusStep {
  const rows = rowsOf(view, sight.status).filter(({ kind }) => kind === 'service');
  const index = rows.findIndex(({ id }) => id === rowNow(view, sight)?.id);
  const next = rows[clamp(index + by, rows.length)];
  return withLog({ ...view, selected: next?.id, log: { ...view.log, isOfAll: false } }, sight);
}

function saveLog(view: StatusView, { logs }: StatusSight): StatusStep {
  const lines = visibleLines(logs.lines, view.log);
  if (lines.length === 0)
    return stay({ ...view, notice: { kind: 'failed', text: 'There is nothing to save.' } });
  const { target } = logs;
  const name = target.kind !== 'services' ? 'all' : (target.group ?? target.names[0] ?? 'all');
  return { view, effects: [{ kind: 'save-log', name, lines }] };
}

function move(view: StatusView, by: number, sight: StatusSight): StatusStep {
  if (view.question !== undefined) {
    const { answers, selected } = view.question;
    return stay({ ...view, question: { ...view.question, selected: clamp(selected + by, answers.length) } });
  }
  const rows = rowsOf(view, sight.status);
  const index = rows.findIndex(({ id }) => id === selectedRow(rows, view.selected)?.id);
  const next = rows[clamp(index + by, rows.length)];
  return withLog({ ...view, selected: next?.id }, sight);
}

function scroll(view: StatusView, by: number, sight: StatusSight): StatusStep {
  if (view.pane === 'events') {
    return stay({ ...view, eventScroll: clamp(view.eventScroll - by, sight.status.events.length) });
  }
  if (view.pane !== 'log') return move(view, by, sight);
  return stay({ ...view, log: reduceLogView(view.log, { kind: 'log-scroll', by }, sight.logs) });
}

function setOpen(view: StatusView, group: ServiceGroup, isOpen: boolean): StatusView {
  const others = view.closedGroups.filter(closed => closed !== group);
  return { ...view, closedGroups: isOpen ? others : [...others, group], selected: `group ${group}` };
}

function toggle(view: StatusView, sight: StatusSight): StatusStep {
  const row = rowNow(view, sight);
  if (row?.kind === 'group') return withLog(setOpen(view, row.group, !row.isOpen), sight);
  if (row === undefined) return stay(view);
  return withLog({ ...view, selected: row.id, pane: view.pane === 'details' ? 'none' : 'details' }, sight);
}

function openOrClose(view: StatusView, isOpen: boolean, sight: StatusSight): StatusStep {
  const row = rowNow(view, sight);
  if (view.sort !== 'group' || row === undefined) return stay(view);
  const group = row.kind === 'group' ? row.group : row.service.group;
  return withLog(isOpen && row.kind === 'service' ? view : setOpen(view, group, isOpen), sight);
}

const showPane = (view: StatusView, pane: StatusPane, sight: StatusSight): StatusStep =>
  withLog({ ...view, pane: view.pane === pane ? 'none' : pane, eventScroll: 0 }, sight);

function ask(view: StatusView, action: ServiceAction | undefined, sight: StatusSight): StatusStep {
  const row = rowNow(view, sight);
  if (row === undefined) return stay(view);
  if (!sight.canAct) {
    return stay({ ...view, notice: { kind: 'failed', text: 'This is a place to look only.' } });
  }
  const services = row.kind === 'group' ? row.services : [row.service];
  const withContainer = services.filter(({ containerId }) => containerId !== undefined);
  const running = withContainer.filter(({ state }) => isRunningState(state) || state.kind === 'restarting');
  const answers: readonly ServiceAction[] = running.length > 0 ? ['restart', 'stop'] : ['start'];
  const targets = running.length > 0 ? running : withContainer;
  const isPossible = action === undefined || answers.includes(action);
  if (targets.length === 0 || !isPossible) {
    const what = row.kind === 'group' ? 'This group' : row.service.name;
    const why = targets.length === 0 ? 'has no container: homeiq setup makes it' : 'does not run';
    const isAlready = targets.length > 0 && action === 'start';
    return stay({
      ...view,
      notice: { kind: 'failed', text: `${what} ${isAlready ? 'runs already' : why}.` },
    });
  }
  const names = targets.map(({ name }) => name);
  const selected = action === undefined ? 0 : answers.indexOf(action);
  return stay({ ...view, question: { services: names, answers, selected } });
}

function answer(view: StatusView): StatusStep {
  const { question } = view;
  const kind = question?.answers[question.selected];
  if (question === undefined || kind === undefined) return stay(view);
  return {
    view: { ...view, question: undefined },
    effects: [{ kind: 'act', command: { kind, services: question.services } }],
  };
}

function cancel(view: StatusView, sight: StatusSight): StatusStep {
  if (view.question !== undefined) return stay({ ...view, question: undefined });
  if (view.pane !== 'none') return withLog({ ...view, pane: 'none' }, sight);
  if (view.filter.text !== '') return withLog({ ...view, filter: textBuffer('') }, sight);
  return stay(view);
}

function nextSort(sort: SortOrder): SortOrder {
  return sortOrders[(sortOrders.indexOf(sort) + 1) % sortOrders.length] ?? 'group';
}

/** The view after an intent of the operator. */
export function reduceStatusView(before: StatusView, intent: StatusIntent, sight: StatusSight): StatusStep {
  const step = reduceIntent(before, intent, sight);
  const isHeld = step.view.log.bottom !== undefined;
  if (isHeld === (before.log.bottom !== undefined)) return step;
  return { ...step, effects: [...step.effects, { kind: 'hold-log', isHeld }] };
}

function reduceIntent(before: StatusView, intent: StatusIntent, sight: StatusSight): StatusStep {
  const view = before.notice?.kind === 'busy' ? before : { ...before, notice: undefined };
  switch (intent.kind) {
    case 'move':
      return move(view, intent.by, sight);
    case 'scroll':
      return scroll(view, intent.by, sight);
    case 'toggle':
      return toggle(view, sight);
    case 'open':
      return openOrClose(view, true, sight);
    case 'close':
      return openOrClose(view, false, sight);
    case 'fold-all':
      return withLog({ ...view, closedGroups: view.closedGroups.length === 0 ? serviceGroups : [] }, sight);
    case 'toggle-log':
      return toggleLog(view, sight);
    case 'log-of-all':
      return toggleAll(view, sight);
    case 'log-close':
      return closeLog(view, sight);
    case 'log-service':
      return selectNeighbour(view, intent.by, sight);
    case 'log-save':
      return saveLog(view, sight);
    case 'toggle-events':
      return showPane(view, 'events', sight);
    case 'filter':
      return stay({ ...view, isFiltering: true });
    case 'keep-filter':
      return stay({ ...view, isFiltering: false });
    case 'clear-filter':
      return withLog({ ...view, isFiltering: false, filter: textBuffer('') }, sight);
    case 'edit-filter':
      return withLog({ ...view, filter: editText(view.filter, intent.edit) }, sight);
    case 'sort':
      return withLog({ ...view, sort: nextSort(view.sort) }, sight);
    case 'ask':
      return ask(view, intent.action, sight);
    case 'select-answer': {
      const { question } = view;
      if (question?.answers[intent.index] === undefined) return stay(view);
      return stay({ ...view, question: { ...question, selected: intent.index } });
    }
    case 'answer':
      return answer(view);
    case 'cancel':
      return cancel(view, sight);
    case 'switch-mode':
      // One run at a time: what is being done here comes first.
      return stay(view.notice?.kind === 'busy' ? view : { ...view, ending: 'switch-mode' });
    case 'quit':
      return stay({ ...view, ending: 'quit' });
    default:
      return stay({ ...view, log: reduceLogView(view.log, intent, sight.logs) });
  }
}
