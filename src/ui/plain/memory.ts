/** Expected and measured memory as a table, and one look at it in lines. */

import type { MemorySample } from '../../app/memory/sample-memory.ts';
import { enoughSeconds } from '../../core/memory/memory-history.ts';
import type { MemoryReport, MemoryReportRow } from '../../core/memory/memory-report.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { modeWord } from '../present/common.ts';
import {
  fitCells,
  formatCount,
  formatDuration,
  formatMiB,
  formatPercent,
  textWidth,
} from '../present/format.ts';

type Column = {
  readonly heading: string;
  readonly align: 'left' | 'right';
  readonly text: (row: MemoryReportRow) => string;
};

const figure = (memoryMiB: number | undefined): string =>
  memoryMiB === undefined ? '' : formatMiB(memoryMiB);

function noteOf({ start, measured, drift, estimateMiB }: MemoryReportRow): string {
  if (!start) return 'does not start';
  if (measured === undefined) return 'not measured yet';
  const notes = [
    ...(drift === undefined
      ? []
      : [`${formatPercent(Math.abs(drift))} ${drift > 0 ? 'OVER' : 'under'} the expected`]),
    ...(estimateMiB === undefined ? [`too short: ${formatDuration(enoughSeconds * 1000)} are needed`] : []),
  ];
  return notes.join(', ');
}

const columns: readonly Column[] = [
  { heading: 'SERVICE', align: 'left', text: ({ name }) => name },
  { heading: 'EXPECTED', align: 'right', text: ({ expectedMiB }) => formatMiB(expectedMiB) },
  { heading: 'MEDIAN', align: 'right', text: ({ measured }) => figure(measured?.medianMiB) },
  { heading: '95 %', align: 'right', text: ({ measured }) => figure(measured?.p95MiB) },
  { heading: 'PEAK', align: 'right', text: ({ measured }) => figure(measured?.peakMiB) },
  { heading: 'WITH CACHE', align: 'right', text: ({ measured }) => figure(measured?.kernelPeakMiB) },
  {
    heading: 'LIMIT',
    align: 'right',
    text: ({ limitMiB }) => (limitMiB === undefined ? 'none' : formatMiB(limitMiB)),
  },
  {
    heading: 'COVERS',
    align: 'right',
    text: ({ measured }) => (measured === undefined ? '' : formatDuration(measured.coveredSeconds * 1000)),
  },
  { heading: 'NOTE', align: 'left', text: noteOf },
];

function tableLines(rows: readonly MemoryReportRow[]): readonly string[] {
  const texts = [
    columns.map(({ heading }) => heading),
    ...rows.map(row => columns.map(({ text }) => sanitiseLine(text(row)))),
  ];
  const widths = columns.map((_, index) => Math.max(...texts.map(row => textWidth(row[index] ?? ''))));
  return texts.map(row =>
    row
      .map((text, index) => fitCells(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd(),
  );
}

/** What the totals are, and what the choice means. */
function totalLines({ basis, totals }: MemoryReport, isChosenNow: boolean): readonly string[] {
  const { expectedMiB, measuredMiB, measuredCount, count } = totals;
  const hours = formatDuration(enoughSeconds * 1000);
  const sums =
    measuredCount === 0
      ? `Total: ${formatMiB(expectedMiB)} expected; no service covers ${hours} yet.`
      : `Total: ${formatMiB(expectedMiB)} expected; ${formatMiB(measuredMiB)} with the 95 % of the ${measuredCount} of ${formatCount(count, 'service')} that cover ${hours}.`;
  if (isChosenNow) {
    const [from, to] = basis === 'measured' ? [expectedMiB, measuredMiB] : [measuredMiB, expectedMiB];
    return [
      sums,
      `From now on estimates of this machine count with the ${basis} figures: ${formatMiB(to)} instead of ${formatMiB(from)}.`,
      ...(basis === 'measured' && measuredCount < count
        ? ['A service that covers less counts as expected until it does.']
        : []),
    ];
  }
  if (basis === 'measured') {
    return [sums, 'Estimates count with the measured figures. Back: homeiq memory --use expected'];
  }
  return [
    sums,
    measuredCount === 0
      ? 'Estimates count with the expected figures. To measure: leave the status screen open (homeiq), or a timer: homeiq sample'
      : 'Estimates count with the expected figures. To count with the measured: homeiq memory --use measured',
  ];
}

/** `isChosenNow`: the basis of the report was chosen with this command. */
export function memoryLines(report: MemoryReport, isChosenNow: boolean): readonly string[] {
  return [
    `Memory of HomeIQ in ${modeWord(report.mode)} mode, expected and measured on this machine`,
    '',
    ...tableLines(report.rows),
    '',
    ...totalLines(report, isChosenNow),
    'MEDIAN, 95 % and PEAK are what was sampled, without page cache that can be dropped, at most 2 % off.',
    'WITH CACHE is the peak that the kernel counts; it misses nothing, and is often far above the need.',
  ];
}

export function sampleLines({ mode, path, services, notUp, keptAside }: MemorySample): readonly string[] {
  const totalMiB = services.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
  return [
    ...(keptAside === undefined
      ? []
      : [`${path} was damaged: it is kept as ${keptAside}, and a new one is begun.`]),
    services.length === 0
      ? `Nothing of ${modeWord(mode)} mode is up: nothing was measured.`
      : `Measured ${formatCount(services.length, 'service')} of ${modeWord(mode)} mode: ${formatMiB(totalMiB)}.`,
    ...(notUp.length === 0 || services.length === 0 ? [] : [`Not up, so not measured: ${notUp.join(', ')}.`]),
  ].map(sanitiseLine);
}
