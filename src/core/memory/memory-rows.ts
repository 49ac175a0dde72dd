/** The memory estimate as a tree that opens and closes: groups, and the services of those that are open. */

import type { MemoryFit, MemoryGroup, MemoryItem } from './memory-fit.ts';

export type MemoryRow =
  | { readonly kind: 'group'; readonly id: string; readonly group: MemoryGroup; readonly isOpen: boolean }
  | { readonly kind: 'service'; readonly id: string; readonly item: MemoryItem };

/** The id of a group's row. Services go by their names, which have no colon. */
export const groupRowId = (group: string): string => `group:${group}`;

/** The rows to show, in the order of the estimate. */
export const memoryRows = (fit: MemoryFit, openGroups: readonly string[]): readonly MemoryRow[] =>
  fit.groups.flatMap((group): readonly MemoryRow[] => {
    const isOpen = openGroups.includes(group.group);
    const head: MemoryRow = { kind: 'group', id: groupRowId(group.group), group, isOpen };
    return isOpen
      ? [head, ...group.items.map((item): MemoryRow => ({ kind: 'service', id: item.name, item }))]
      : [head];
  });
