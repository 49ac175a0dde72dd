/** What is done with what is marked or selected: the question before something is interrupted, and the answer. */

import {
  type ActionOffer,
  offerActions,
  type ServiceAction,
  type TerminalAction,
} from '../../core/status/service-actions.ts';
import type { ServiceStatus } from '../../core/status/status-state.ts';
import type { StatusSight, StatusStep, StatusView } from './status-view.ts';
import { rowNow, stay } from './view-rows.ts';

/** The marked services, else those of the selected row. Marks of what is gone do not count. */
function meantServices(view: StatusView, sight: StatusSight): readonly ServiceStatus[] {
  const marked = sight.status.services.filter(({ name }) => view.marked.includes(name));
  if (marked.length > 0) return marked;
  const row = rowNow(view, sight);
  if (row === undefined) return [];
  return row.kind === 'group' ? row.services : [row.service];
}

const refuse = (view: StatusView, text: string): StatusStep =>
  stay({ ...view, notice: { kind: 'failed', text } });

/** Why `action` is not offered. */
function explainRefusal(
  action: ServiceAction | TerminalAction | undefined,
  services: readonly ServiceStatus[],
): string {
  const [only] = services;
  const isOne = services.length === 1;
  if ((action === 'shell' || action === 'pager') && !isOne)
    return 'That is for one service: several are meant.';
  const what = isOne ? only?.name : `None of the ${services.length} services`;
  if (services.every(({ containerId }) => containerId === undefined)) {
    return `${what} has ${isOne ? 'no' : 'a'} container: homeiq setup makes it.`;
  }
  switch (action) {
    case 'start':
      return `${what} ${isOne ? 'runs already' : 'is stopped'}.`;
    case 'recreate':
      return `${what} is ${isOne ? 'not ' : ''}of this stack.`;
    default:
      return `${what} ${isOne ? 'does not run' : 'runs'}.`;
  }
}

/** Marks or unmarks the selected service, or all of a group. */
export function toggleMark(view: StatusView, sight: StatusSight): StatusView {
  const row = rowNow(view, sight);
  if (row === undefined) return view;
  const names = (row.kind === 'group' ? row.services : [row.service]).map(({ name }) => name);
  const others = view.marked.filter(name => !names.includes(name));
  const wereMarked = names.every(name => view.marked.includes(name));
  return { ...view, marked: wereMarked ? others : [...others, ...names] };
}

/** Undefined: whatever can be done. */
export function ask(view: StatusView, action: ServiceAction | undefined, sight: StatusSight): StatusStep {
  const services = meantServices(view, sight);
  // One run at a time: what is being done comes first.
  if (services.length === 0 || view.notice?.kind === 'busy') return stay(view);
  if (view.isReadOnly) return refuse(view, 'Nothing is changed from here: it was opened to look only.');
  const answers = offerActions(services, true);
  const selected = action === undefined ? 0 : answers.findIndex(({ kind }) => kind === action);
  if (answers[selected] === undefined) return refuse(view, explainRefusal(action, services));
  return stay({ ...view, question: { services: services.map(({ name }) => name), answers, selected } });
}

const take = (view: StatusView, offer: ActionOffer): StatusStep =>
  'services' in offer
    ? { view: { ...view, marked: [] }, effects: [{ kind: 'act', command: offer }] }
    : { view, effects: [{ kind: 'open', request: offer }] };

/** Opens a shell or the log in the terminal: nothing is interrupted, so nothing is asked. */
export function open(view: StatusView, action: TerminalAction, sight: StatusSight): StatusStep {
  const services = meantServices(view, sight);
  if (services.length === 0) return stay(view);
  const offer = offerActions(services, !view.isReadOnly).find(({ kind }) => kind === action);
  return offer === undefined ? refuse(view, explainRefusal(action, services)) : take(view, offer);
}

export function answer(view: StatusView): StatusStep {
  const { question } = view;
  const offer = question?.answers[question.selected];
  return offer === undefined ? stay(view) : take({ ...view, question: undefined }, offer);
}
