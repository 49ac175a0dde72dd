/** Which rows the status shows, in which order: grouping, sorting and filtering, without any drawing. */

import { type ServiceGroup, serviceGroups } from '../stack/stack.ts';
import { compareNames } from '../text/compare-names.ts';
import { judgeService, type ServiceVerdict } from './judge-deployment.ts';
import type { ServiceStatus } from './status-state.ts';

export const sortOrders = ['group', 'state', 'memory', 'cpu', 'name'] as const;
/** `group`: by group, in the order of the stack. The others make one list without groups. */
export type SortOrder = (typeof sortOrders)[number];

export type RowChoice = {
  readonly sort: SortOrder;
  readonly closedGroups: readonly ServiceGroup[];
  /** Part of a name, a group or a state; empty shows all. */
  readonly filter: string;
};

export type StatusRow =
  | {
      readonly kind: 'group';
      readonly id: string;
      readonly group: ServiceGroup;
      readonly services: readonly ServiceStatus[];
      readonly isOpen: boolean;
    }
  | { readonly kind: 'service'; readonly id: string; readonly service: ServiceStatus };

const verdictOrder: Readonly<Record<ServiceVerdict, number>> = {
  bad: 0,
  coming: 1,
  good: 2,
  'not-wanted': 3,
};

const comparisons: Readonly<
  Record<Exclude<SortOrder, 'group'>, (a: ServiceStatus, b: ServiceStatus) => number>
> = {
  state: (a, b) => verdictOrder[judgeService(a)] - verdictOrder[judgeService(b)],
  memory: (a, b) => (b.usage?.memoryMiB ?? -1) - (a.usage?.memoryMiB ?? -1),
  cpu: (a, b) => (b.usage?.cpuShare ?? -1) - (a.usage?.cpuShare ?? -1),
  name: () => 0,
};

const matches = (service: ServiceStatus, filter: string): boolean =>
  [service.name, service.group, service.state.kind.replace('-', ' ')].some(text =>
    text.toLowerCase().includes(filter),
  );

const serviceRow = (service: ServiceStatus): StatusRow => ({
  kind: 'service',
  id: `service ${service.name}`,
  service,
});

/** While a filter is set, closed groups are open: what is looked for must be seen. */
export function statusRows(services: readonly ServiceStatus[], choice: RowChoice): readonly StatusRow[] {
  const filter = choice.filter.trim().toLowerCase();
  const shown = filter === '' ? services : services.filter(service => matches(service, filter));
  if (choice.sort !== 'group') {
    const compare = comparisons[choice.sort];
    return shown.toSorted((a, b) => compare(a, b) || compareNames(a.name, b.name)).map(serviceRow);
  }
  return serviceGroups.flatMap((group): readonly StatusRow[] => {
    const members = shown.filter(service => service.group === group);
    if (members.length === 0) return [];
    const isOpen = filter !== '' || !choice.closedGroups.includes(group);
    return [
      { kind: 'group', id: `group ${group}`, group, services: members, isOpen },
      ...(isOpen ? members.map(serviceRow) : []),
    ];
  });
}

/** The row with this id, else the first service; undefined when there is none. */
export const selectedRow = (rows: readonly StatusRow[], id: string | undefined): StatusRow | undefined =>
  rows.find(row => row.id === id) ?? rows.find(({ kind }) => kind === 'service') ?? rows[0];
