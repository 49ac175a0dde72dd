/** The rows of the status screen as a view has them, and the small parts that all its reducers share. */

import { type StatusRow, selectedRow, statusRows } from '../../core/status/status-rows.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import type { StatusSight, StatusStep, StatusView } from './status-view.ts';

export const stay = (view: StatusView): StatusStep => ({ view, effects: [] });

export const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

export const rowsOf = (view: StatusView, status: StatusState): readonly StatusRow[] =>
  statusRows(status.services, { ...view, filter: view.filter.text });

export const rowNow = (view: StatusView, { status }: StatusSight): StatusRow | undefined =>
  selectedRow(rowsOf(view, status), view.selected);
