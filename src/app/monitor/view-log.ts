/** The log pane of the status screen: whose log it shows, and how it is opened, widened, closed and saved. */

import { visibleLines } from '../../core/logs/log-sight.ts';
import { isSameTarget, type LogTarget } from './log-follower.ts';
import type { StatusSight, StatusStep, StatusView } from './status-view.ts';
import { clamp, rowNow, rowsOf, stay } from './view-rows.ts';

function logTarget(view: StatusView, sight: StatusSight): LogTarget {
  if (view.pane !== 'log') return { kind: 'none' };
  if (view.log.isOfAll) return { kind: 'all' };
  const row = rowNow(view, sight);
  if (row === undefined) return { kind: 'none' };
  if (row.kind === 'service') return { kind: 'services', names: [row.service.name] };
  return { kind: 'services', names: row.services.map(({ name }) => name), group: row.group };
}

/** The log pane shows the log of what is selected, whichever that is now. */
export function withLog(view: StatusView, sight: StatusSight): StatusStep {
  const target = logTarget(view, sight);
  if (isSameTarget(target, sight.logs.target)) return stay(view);
  return {
    view: { ...view, log: { ...view.log, bottom: undefined, found: undefined } },
    effects: [{ kind: 'follow-log', target }],
  };
}

/** In the pane under the table, on the whole screen, closed again. */
export function toggleLog(view: StatusView, sight: StatusSight): StatusStep {
  const { log, pane } = view;
  if (pane !== 'log') return withLog({ ...view, pane: 'log', log: { ...log, isFull: false } }, sight);
  if (!log.isFull) return stay({ ...view, log: { ...log, isFull: true } });
  return withLog({ ...view, pane: 'none', log: { ...log, isFull: false, isOfAll: false } }, sight);
}

export function toggleAll(view: StatusView, sight: StatusSight): StatusStep {
  const isOfAll = !(view.pane === 'log' && view.log.isOfAll);
  return withLog({ ...view, pane: 'log', log: { ...view.log, isFull: true, isOfAll } }, sight);
}

/** Back to where it was opened from: the pane of one service, or the table. */
export const closeLog = (view: StatusView, sight: StatusSight): StatusStep =>
  withLog(
    {
      ...view,
      pane: view.log.isOfAll ? 'none' : 'log',
      log: { ...view.log, isFull: false, isOfAll: false },
    },
    sight,
  );

export function selectNeighbour(view: StatusView, by: number, sight: StatusSight): StatusStep {
  const rows = rowsOf(view, sight.status).filter(({ kind }) => kind === 'service');
  const index = rows.findIndex(({ id }) => id === rowNow(view, sight)?.id);
  const next = rows[clamp(index + by, rows.length)];
  return withLog({ ...view, selected: next?.id, log: { ...view.log, isOfAll: false } }, sight);
}

export function saveLog(view: StatusView, { logs }: StatusSight): StatusStep {
  const lines = visibleLines(logs.lines, view.log);
  if (lines.length === 0)
    return stay({ ...view, notice: { kind: 'failed', text: 'There is nothing to save.' } });
  const { target } = logs;
  const name = target.kind !== 'services' ? 'all' : (target.group ?? target.names[0] ?? 'all');
  return { view, effects: [{ kind: 'save-log', name, lines }] };
}
