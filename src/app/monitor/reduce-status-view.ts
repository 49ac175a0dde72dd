/** What keys change of what the operator looks at. Pure; effects are data. */

import { type ServiceGroup, serviceGroups } from '../../core/stack/stack.ts';
import { type SortOrder, selectedRow, sortOrders } from '../../core/status/status-rows.ts';
import { editText, textBuffer } from '../../core/text/text-buffer.ts';
import { reduceLogView } from './log-view.ts';
import type {
  StatusEffect,
  StatusIntent,
  StatusPane,
  StatusSight,
  StatusStep,
  StatusView,
} from './status-view.ts';
import { answer, ask, open, toggleMark } from './view-actions.ts';
import { closeLog, saveLog, selectNeighbour, toggleAll, toggleLog, withLog } from './view-log.ts';
import { clamp, rowNow, rowsOf, stay } from './view-rows.ts';

function move(view: StatusView, by: number, sight: StatusSight): StatusStep {
  if (view.question !== undefined) {
    const { answers, selected } = view.question;
    return stay({ ...view, question: { ...view.question, selected: clamp(selected + by, answers.length) } });
  }
  if (view.pane === 'doctor') return stay({ ...view, doctorScroll: Math.max(0, view.doctorScroll + by) });
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

function cancel(view: StatusView, sight: StatusSight): StatusStep {
  if (view.question !== undefined) return stay({ ...view, question: undefined });
  if (view.pane !== 'none') return withLog({ ...view, pane: 'none' }, sight);
  if (view.marked.length > 0) return stay({ ...view, marked: [] });
  if (view.filter.text !== '') return withLog({ ...view, filter: textBuffer('') }, sight);
  return stay(view);
}

function nextSort(sort: SortOrder): SortOrder {
  return sortOrders[(sortOrders.indexOf(sort) + 1) % sortOrders.length] ?? 'group';
}

/** The view after an intent of the operator. */
export function reduceStatusView(before: StatusView, intent: StatusIntent, sight: StatusSight): StatusStep {
  const step = reduceIntent(before, intent, sight);
  const { view } = step;
  const isHeld = view.log.bottom !== undefined;
  const effects: StatusEffect[] = [...step.effects];
  if (isHeld !== (before.log.bottom !== undefined)) effects.push({ kind: 'hold-log', isHeld });
  const isNewDetail = view.pane !== before.pane || view.selected !== before.selected;
  const row = view.pane === 'details' && isNewDetail ? rowNow(view, sight) : undefined;
  if (row?.kind === 'service') effects.push({ kind: 'ask-health', service: row.service.name });
  return { view, effects };
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
    case 'toggle-box': {
      const pane = view.pane === 'box' ? 'data' : view.pane === 'data' ? 'none' : 'box';
      return withLog({ ...view, pane }, sight);
    }
    case 'doctor': {
      const { view: opened, effects } = withLog({ ...view, pane: 'doctor', doctorScroll: 0 }, sight);
      return { view: opened, effects: [...effects, { kind: 'diagnose' }] };
    }
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
    case 'cpu-base':
      return stay({ ...view, cpuBase: view.cpuBase === 'machine' ? 'core' : 'machine' });
    case 'mark':
      return move(toggleMark(view, sight), 1, sight);
    case 'shell':
    case 'pager':
      return open(view, intent.kind, sight);
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
      return stay(
        view.isReadOnly || view.notice?.kind === 'busy' ? view : { ...view, ending: 'switch-mode' },
      );
    case 'quit':
      return stay({ ...view, ending: 'quit' });
    default:
      return stay({ ...view, log: reduceLogView(view.log, intent, sight.logs) });
  }
}
