/** Expected and measured memory, and one look at it, as JSON documents for scripts. */

import type { MemorySample } from '../../app/memory/sample-memory.ts';
import type { MemoryReport, MemoryReportRow } from '../../core/memory/memory-report.ts';

const rounded = (value: number): number => Math.round(value * 10) / 10;

const serviceDocument = ({ measured, ...row }: MemoryReportRow) => ({
  name: row.name,
  group: row.group,
  start: row.start,
  expectedMiB: row.expectedMiB,
  /** Null: there is none. */
  limitMiB: row.limitMiB ?? null,
  /** Null: it was not seen while it was up. Figures are at most 2 % off. */
  measured:
    measured === undefined
      ? null
      : {
          medianMiB: rounded(measured.medianMiB),
          p95MiB: rounded(measured.p95MiB),
          /** The highest that a look has seen, without page cache that can be dropped. */
          peakMiB: rounded(measured.peakMiB),
          /** The control group's own peak, page cache included; null where the kernel does not tell. */
          kernelPeakMiB: measured.kernelPeakMiB === undefined ? null : rounded(measured.kernelPeakMiB),
          coveredSeconds: Math.round(measured.coveredSeconds),
          since: new Date(measured.sinceMs).toISOString(),
        },
  /** What an estimate from measured figures counts with; null: too little time is covered. */
  estimateMiB: row.estimateMiB ?? null,
  /** The 95th percentile against the expected, as a share; null: as expected, or not measured. */
  drift: row.drift === undefined ? null : Math.round(row.drift * 1000) / 1000,
});

/** The shape is versioned; fields are only ever added. */
export const memoryDocument = ({ mode, basis, rows, totals }: MemoryReport) => ({
  version: 1,
  mode,
  uses: basis,
  totals,
  services: rows.map(serviceDocument),
});

export const sampleDocument = ({ mode, path, services, notUp, keptAside }: MemorySample) => ({
  version: 1,
  mode,
  file: path,
  services: services.map(({ name, memoryMiB }) => ({ name, memoryMiB: rounded(memoryMiB) })),
  notUp,
  /** Null: the file was sound. */
  keptAside: keptAside ?? null,
});
