/** A plan as one JSON document. Names and figures here are relied on by scripts: they are added to, never changed. */

import type { MemoryFit } from '../../core/memory/memory-fit.ts';
import type { Plan, PlannedService } from '../../core/plan/plan.ts';

export type PlanDocument = Pick<Plan, 'mode' | 'level' | 'project' | 'folder' | 'steps' | 'changedKeys'> & {
  /** The mode that is left; null when none is. */
  readonly from: Plan['mode'] | null;
  /** What becomes of each service; null when what runs could not be observed. */
  readonly changes: NonNullable<Plan['changes']> | null;
  /** Median of earlier runs of the same kind; null without any. */
  readonly expectedMs: number | null;
  /** In sentences: what will not work, what was changed by itself, and what Home Assistant says. */
  readonly notes: readonly string[];
  readonly services: readonly (Pick<PlannedService, 'name' | 'group' | 'start' | 'reason' | 'expectedMiB'> & {
    /** Null: Compose sets no limit. */
    readonly limitMiB: number | null;
    /** `expectedMiB` was measured on this machine; absent: it is the catalog's. */
    readonly measured?: boolean;
    /** Null: nothing is reserved. */
    readonly reservedMiB: number | null;
  })[];
  readonly memory: Pick<
    MemoryFit,
    | 'totalMiB'
    | 'startMiB'
    | 'limitMiB'
    | 'budgetMiB'
    | 'reserveMiB'
    | 'headroomMiB'
    | 'verdict'
    | 'suggestions'
  > & {
    /** How many of the services that start count as measured on this machine. */
    readonly measuredCount: number;
    /** Null: what runs could not be observed. */
    readonly onTheWay: NonNullable<Plan['onTheWay']> | null;
    readonly groups: readonly {
      readonly group: string;
      readonly expectedMiB: number;
      readonly startMiB: number;
    }[];
  };
};

/** What `plan --json` prints. */
export function planDocument(plan: Plan, notes: readonly string[]): PlanDocument {
  const { memory } = plan;
  return {
    mode: plan.mode,
    from: plan.from ?? null,
    level: plan.level,
    project: plan.project,
    folder: plan.folder,
    services: plan.services.map(service => ({
      name: service.name,
      group: service.group,
      start: service.start,
      ...(service.reason === undefined ? {} : { reason: service.reason }),
      expectedMiB: service.expectedMiB,
      ...(service.isMeasured === true ? { measured: true } : {}),
      limitMiB: service.limitMiB ?? null,
      reservedMiB: service.reservedMiB ?? null,
    })),
    memory: {
      totalMiB: memory.totalMiB,
      startMiB: memory.startMiB,
      limitMiB: memory.limitMiB,
      budgetMiB: memory.budgetMiB,
      reserveMiB: memory.reserveMiB,
      headroomMiB: memory.headroomMiB,
      verdict: memory.verdict,
      suggestions: memory.suggestions,
      measuredCount: memory.measuredCount ?? 0,
      onTheWay: plan.onTheWay ?? null,
      groups: memory.groups.map(({ group, expectedMiB, startMiB }) => ({ group, expectedMiB, startMiB })),
    },
    changes: plan.changes ?? null,
    expectedMs: plan.expectedMs ?? null,
    steps: plan.steps,
    changedKeys: plan.changedKeys,
    notes,
  };
}
