/** Does what will start fit into the machine's memory? All figures in MiB. */

import { compareNames } from '../text/compare-names.ts';

export const nominalBudgetMiB = 8192;
export const systemReserveMiB = 1024;
export const tightBelowMiB = 512;

export type Verdict = 'fits' | 'tight' | 'does-not-fit';

export type MemoryItem = {
  readonly name: string;
  readonly group: string;
  readonly expectedMiB: number;
  /** `expectedMiB` was measured on this machine. */
  readonly isMeasured?: true;
  readonly limitMiB: number | undefined;
  readonly reservedMiB: number | undefined;
  readonly start: boolean;
  /** May be left out by the operator to save memory (the database may not). */
  readonly canLeaveOut: boolean;
};

export type MemoryGroup = {
  readonly group: string;
  readonly expectedMiB: number;
  readonly startMiB: number;
  readonly items: readonly MemoryItem[];
};

export type MemoryFit = {
  /** Every service of the mode. */
  readonly totalMiB: number;
  /** What will start. */
  readonly startMiB: number;
  readonly limitMiB: number;
  readonly budgetMiB: number;
  readonly reserveMiB: number;
  /** budget − reserve − start; negative when it does not fit. */
  readonly headroomMiB: number;
  readonly verdict: Verdict;
  readonly groups: readonly MemoryGroup[];
  /** How many of the services that start are counted as measured on this machine; absent: none. */
  readonly measuredCount?: number;
  /** When it does not fit: what to leave out, largest saving first, until it fits; with what each saves. */
  readonly suggestions: readonly { readonly name: string; readonly savesMiB: number }[];
};

const sum = (items: readonly MemoryItem[], pick: (item: MemoryItem) => number): number =>
  items.reduce((total, item) => total + pick(item), 0);

/** The budget in MiB: what was asked for, else the smaller of 8192 and the machine's memory. */
export const chooseBudgetMiB = (machineMiB: number | undefined, askedMiB: number | undefined): number =>
  askedMiB ?? Math.min(nominalBudgetMiB, machineMiB ?? nominalBudgetMiB);

function judge(headroomMiB: number): Verdict {
  if (headroomMiB < 0) return 'does-not-fit';
  return headroomMiB < tightBelowMiB ? 'tight' : 'fits';
}

/** The fewest services that bring the headroom to zero, the largest first; then without those that turn out needless. */
function suggestLeavingOut(items: readonly MemoryItem[], shortMiB: number): MemoryFit['suggestions'] {
  const candidates = items
    .filter(item => item.start && item.canLeaveOut)
    .toSorted((a, b) => b.expectedMiB - a.expectedMiB || compareNames(a.name, b.name));
  const exact = candidates.filter(item => item.expectedMiB >= shortMiB).at(-1);
  if (exact !== undefined) return [{ name: exact.name, savesMiB: exact.expectedMiB }];
  const chosen: { name: string; savesMiB: number }[] = [];
  let savedMiB = 0;
  for (const item of candidates) {
    if (savedMiB >= shortMiB) break;
    chosen.push({ name: item.name, savesMiB: item.expectedMiB });
    savedMiB += item.expectedMiB;
  }
  return chosen;
}

/** Adds up what a mode expects and judges it against `budgetMiB`. */
export function fitMemory(items: readonly MemoryItem[], budgetMiB: number): MemoryFit {
  const starting = items.filter(item => item.start);
  const startMiB = sum(starting, item => item.expectedMiB);
  const headroomMiB = budgetMiB - systemReserveMiB - startMiB;
  const measuredCount = starting.filter(({ isMeasured }) => isMeasured === true).length;
  const groups = [...new Set(items.map(item => item.group))].map(group => {
    const members = items.filter(item => item.group === group);
    return {
      group,
      expectedMiB: sum(members, item => item.expectedMiB),
      startMiB: sum(
        members.filter(item => item.start),
        item => item.expectedMiB,
      ),
      items: members,
    };
  });
  return {
    totalMiB: sum(items, item => item.expectedMiB),
    startMiB,
    limitMiB: sum(starting, item => item.limitMiB ?? 0),
    budgetMiB,
    reserveMiB: systemReserveMiB,
    headroomMiB,
    verdict: judge(headroomMiB),
    groups,
    ...(measuredCount === 0 ? {} : { measuredCount }),
    suggestions: headroomMiB < 0 ? suggestLeavingOut(items, -headroomMiB) : [],
  };
}
