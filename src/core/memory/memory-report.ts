/** What was expected beside what was measured, service by service, and what the total would be with either. */

import type { Mode } from '../mode/mode.ts';
import type { PlannedService } from '../plan/plan.ts';
import { type EstimateBasis, measuredEstimateMiB } from './measured-estimates.ts';
import { figuresOf, type MemoryFigures, type MemoryHistory } from './memory-history.ts';

export type MemoryReportRow = {
  readonly name: string;
  readonly group: string;
  readonly start: boolean;
  /** As the catalog says. */
  readonly expectedMiB: number;
  readonly limitMiB: number | undefined;
  /** Undefined: it was not seen while it was healthy. */
  readonly measured: MemoryFigures | undefined;
  /** What an estimate from measured figures counts with; undefined when too little time is covered. */
  readonly estimateMiB: number | undefined;
  /** The 95th percentile against the expected, as a share, when it is further away than a drift may be. */
  readonly drift: number | undefined;
};

export type MemoryReport = {
  readonly mode: Mode;
  readonly basis: EstimateBasis;
  readonly rows: readonly MemoryReportRow[];
  /** Of the services that start. */
  readonly totals: {
    readonly expectedMiB: number;
    /** With measured figures for the services that have enough of them, and the expected for the others. */
    readonly measuredMiB: number;
    /** Services whose figure is a measured one in it. */
    readonly measuredCount: number;
    readonly count: number;
  };
};

/** A 95th percentile further away from the expected than this is marked. */
const driftTolerance = 0.15;

function driftOf(expectedMiB: number, measured: MemoryFigures | undefined): number | undefined {
  if (measured === undefined || expectedMiB <= 0) return undefined;
  const drift = measured.p95MiB / expectedMiB - 1;
  return Math.abs(drift) > driftTolerance ? drift : undefined;
}

/** `services` carry the catalog's figures. */
export function reportMemory(
  services: readonly PlannedService[],
  mode: Mode,
  history: MemoryHistory,
  basis: EstimateBasis,
): MemoryReport {
  const rows = services.map((service): MemoryReportRow => {
    const memory = history[mode].get(service.name);
    const measured = memory === undefined ? undefined : figuresOf(memory);
    return {
      name: service.name,
      group: service.group,
      start: service.start,
      expectedMiB: service.expectedMiB,
      limitMiB: service.limitMiB,
      measured,
      estimateMiB: measuredEstimateMiB(memory, service.limitMiB),
      drift: driftOf(service.expectedMiB, measured),
    };
  });
  const starting = rows.filter(({ start }) => start);
  const sum = (pick: (row: MemoryReportRow) => number): number =>
    starting.reduce((total, row) => total + pick(row), 0);
  return {
    mode,
    basis,
    rows,
    totals: {
      expectedMiB: sum(({ expectedMiB }) => expectedMiB),
      measuredMiB: sum(({ estimateMiB, expectedMiB }) => estimateMiB ?? expectedMiB),
      measuredCount: starting.filter(({ estimateMiB }) => estimateMiB !== undefined).length,
      count: starting.length,
    },
  };
}
