/** The screen of the memory estimate: looking at it, leaving services out, and the way on. */

import { groupRowId, type MemoryRow, memoryRows } from '../../core/memory/memory-rows.ts';
import { redraft, type Step, stay, type WizardState, within } from './wizard-state.ts';

const rowsOf = (state: WizardState): readonly MemoryRow[] =>
  state.draft.value === undefined ? [] : memoryRows(state.draft.value.plan.memory, state.memory.openGroups);

const selectedRow = (state: WizardState): MemoryRow | undefined =>
  rowsOf(state).find(row => row.id === state.memory.selected);

/** What stays out now: as the operator says here, else as the env document says. */
const leftOutNow = (state: WizardState): readonly string[] =>
  state.choices.leftOut ?? state.draft.value?.leftOut ?? [];

const withMemory = (state: WizardState, change: Partial<WizardState['memory']>): WizardState => ({
  ...state,
  memory: { ...state.memory, ...change },
});

export function selectMemoryRow(state: WizardState, index: number): WizardState {
  const rows = rowsOf(state);
  return withMemory(state, { selected: rows[within(index, rows.length)]?.id });
}

export const moveInMemory = (state: WizardState, by: number): WizardState =>
  selectMemoryRow(state, rowsOf(state).findIndex(row => row.id === state.memory.selected) + by);

/** Opens the selected group, or closes it; a service closes the group that it is in. */
export function openGroup(state: WizardState, isOpen: boolean): WizardState {
  const row = selectedRow(state);
  if (row === undefined) return state;
  const group = row.kind === 'group' ? row.group.group : row.item.group;
  const others = state.memory.openGroups.filter(name => name !== group);
  if (isOpen) return withMemory(state, { openGroups: [...others, group] });
  return withMemory(state, { openGroups: others, selected: groupRowId(group) });
}

/** The names that a toggle of the row is about, and the reason when there are none. */
function toggleTargets(
  state: WizardState,
  row: MemoryRow,
): { readonly names: readonly string[]; readonly reason?: string } {
  const leftOut = leftOutNow(state);
  const items = row.kind === 'group' ? row.group.items : [row.item];
  const possible = items.filter(item => leftOut.includes(item.name) || (item.start && item.canLeaveOut));
  if (possible.length > 0) return { names: possible.map(item => item.name) };
  const planned = state.draft.value?.plan.services.find(service => service.name === row.id);
  const reason =
    planned?.reason === undefined
      ? 'The others cannot do without it.'
      : `It does not start anyway: ${planned.reason}.`;
  return { names: [], reason };
}

/** Leaves the selected service or group out, or takes it back in. */
export function toggleLeftOut(state: WizardState): Step {
  const row = selectedRow(state);
  if (row === undefined) return stay(state);
  const { names, reason } = toggleTargets(state, row);
  if (names.length === 0) return stay({ ...state, notice: reason });
  const leftOut = leftOutNow(state);
  const areAllOut = names.every(name => leftOut.includes(name));
  return leaveOut(
    state,
    areAllOut ? leftOut.filter(name => !names.includes(name)) : [...new Set([...leftOut, ...names])],
  );
}

/** Consent to a risk is for the set of services it was given for: another set asks again. */
const leaveOut = (state: WizardState, leftOut: readonly string[]): Step =>
  redraft({ ...state, choices: { ...state.choices, leftOut, acceptMemoryRisk: false } });

export const takeSuggestions = (state: WizardState): Step =>
  leaveOut(state, [
    ...leftOutNow(state),
    ...(state.draft.value?.plan.memory.suggestions.map(suggestion => suggestion.name) ?? []),
  ]);

/** What is in the way of leaving this screen: the fit, unless the risk was accepted. */
export const needsConsent = (state: WizardState): boolean =>
  state.draft.value?.plan.memory.verdict === 'does-not-fit' && !state.choices.acceptMemoryRisk;
