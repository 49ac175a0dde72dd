/** What the operator looks at on the status screen, and what keys change of it. Pure; effects are data. */

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
import type { LogState } from './log-follower.ts';
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
  /** The last line that the log shows; undefined: it follows. */
  readonly logBottom: number | undefined;
  /** How many events are below the last one shown. */
  readonly eventScroll: number;
  readonly question: StatusQuestion | undefined;
  /** What is being done, what was done, or why it failed; gone with the next key once it is over. */
  readonly notice: { readonly kind: 'busy' | 'done' | 'failed'; readonly text: string } | undefined;
  /** Undefined: the operator goes on looking. */
  readonly ending: 'quit' | 'switch-mode' | undefined;
};

export type StatusIntent =
  | {
      readonly kind:
        | 'toggle'
        | 'open'
        | 'close'
        | 'fold-all'
        | 'toggle-log'
        | 'toggle-events'
        | 'filter'
        | 'keep-filter'
        | 'clear-filter'
        | 'sort'
        | 'answer'
        | 'cancel'
        | 'switch-mode'
        | 'quit';
    }
  | { readonly kind: 'move'; readonly by: number }
  /** Towards what is older when negative. */
  | { readonly kind: 'scroll'; readonly by: number }
  /** By number, from 0. */
  | { readonly kind: 'select-answer'; readonly index: number }
  /** Undefined: all that can be done. */
  | { readonly kind: 'ask'; readonly action: ServiceAction | undefined }
  | { readonly kind: 'edit-filter'; readonly edit: TextEdit };

export type StatusEffect =
  | { readonly kind: 'follow-log'; readonly service: string | undefined }
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
  logBottom: undefined,
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

/** The log pane shows the selected service's log, whichever that is now. */
function withLog(view: StatusView, sight: StatusSight): StatusStep {
  const row = rowNow(view, sight);
  const service = view.pane === 'log' && row?.kind === 'service' ? row.service.name : undefined;
  if (service === sight.logs.service) return stay(view);
  return { view: { ...view, logBottom: undefined }, effects: [{ kind: 'follow-log', service }] };
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
  const { lines } = sight.logs;
  const bottom = lines.findIndex(({ id }) => id === view.logBottom);
  const index = (bottom < 0 ? lines.length - 1 : bottom) + by;
  return stay({ ...view, logBottom: index >= lines.length - 1 ? undefined : lines[Math.max(0, index)]?.id });
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
      return showPane(view, 'log', sight);
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
  }
}
