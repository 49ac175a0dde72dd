/** What a run does, in a few words: the same for the history, for the screens and to compare runs of one kind. */

import type { Plan, StepId } from '../plan/plan.ts';

const joinNames = (names: readonly string[]): string => names.join(', ');

/** What the run is for; the words after it say with what. */
export type RunPurpose = 'set-up' | 'switch' | 'start' | 'stop' | 'action' | 'buckets' | 'settings' | 'other';

export function purposeOf(plan: Pick<Plan, 'steps' | 'from' | 'targets' | 'buckets'>): RunPurpose {
  const has = (id: StepId): boolean => plan.steps.some(step => step.id === id);
  if (has('services')) {
    if (plan.from !== undefined) return 'switch';
    return has('settings') ? 'set-up' : 'start';
  }
  if (has('restart') || has('start') || has('recreate')) return 'action';
  if (has('stop')) return plan.targets === undefined ? 'stop' : 'action';
  if (plan.buckets !== undefined) return 'buckets';
  return has('settings') ? 'settings' : 'other';
}

const actionIds: readonly StepId[] = ['restart', 'start', 'recreate', 'stop'];

/** For example `switch from test to production`, `restart influxdb`; without a full stop. */
export function describeRun(plan: Plan): string {
  const { mode, from, targets = [], buckets, deleteData = [] } = plan;
  switch (purposeOf(plan)) {
    case 'set-up':
      return `set-up of ${mode}`;
    case 'switch':
      return `switch from ${from} to ${mode}`;
    case 'start':
      return `start of ${mode}`;
    case 'stop':
      return deleteData.length === 0 ? 'stop' : `stop, deleting ${joinNames(deleteData)}`;
    case 'action': {
      const verb = plan.steps.find(({ id }) => actionIds.includes(id))?.id;
      return `${verb} ${joinNames(targets)}`;
    }
    case 'buckets':
      return buckets?.recover === undefined
        ? `buckets of ${(buckets?.modes ?? [mode]).join(' and ')}`
        : `buckets, new operator token by ${buckets.recover}`;
    case 'settings':
      return `settings of ${mode}`;
    case 'other':
      return plan.steps.map(({ title }) => title).join(', ') || 'nothing';
  }
}
