/** How InfluxDB stands for the modes, in lines. */

import {
  type BucketReport,
  type BucketsFault,
  type BucketsReport,
  isolationLimit,
  type ModeReport,
} from '../../core/buckets/buckets-report.ts';
import { describeKept } from '../../core/buckets/retention.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { modeWord } from '../present/common.ts';
import { fitCells, formatCount, textWidth } from '../present/format.ts';

function bucketLine({ name, exists, retentionSeconds }: BucketReport, width: number): string {
  const state = exists ? `kept ${describeKept(retentionSeconds ?? 0)}` : 'DOES NOT EXIST';
  return `  ${fitCells(name, width)}  ${state}`;
}

function tokenLine({ probes, isTokenRight }: ModeReport): string {
  const all = formatCount(probes.length * 2, 'probe');
  return isTokenRight
    ? `  Token: reads and writes these buckets and nothing else (${all})`
    : `  Token: NOT RIGHT${probes.length === 0 ? '' : ` (${all})`}`;
}

function modeLines(report: ModeReport): readonly string[] {
  const width = Math.max(...report.buckets.map(({ name }) => textWidth(name)));
  return [
    `${modeWord(report.mode)}: organization ${report.org}${report.hasOrg ? '' : ' DOES NOT EXIST'}`,
    ...report.buckets.map(bucket => bucketLine(bucket, width)),
    tokenLine(report),
  ];
}

const faultLines = ({ code, message, nextSteps }: BucketsFault): readonly string[] => [
  `Fault ${code}: ${message}`,
  ...nextSteps.map((text, index) => `  To do ${index + 1}: ${text}`),
];

/** One string a line. */
export function bucketsLines(report: BucketsReport): readonly string[] {
  return [
    `InfluxDB${report.version === undefined ? '' : ` ${report.version}`} at ${report.url}`,
    ...report.modes.flatMap(modeLines),
    ...report.faults.flatMap(faultLines),
    report.faults.length === 0 ? 'All is as it must be.' : `${formatCount(report.faults.length, 'fault')}.`,
    `Limit: ${isolationLimit}`,
  ].map(sanitiseLine);
}
