/** The status as lines of plain text: no colours, no glyphs, and as wide as it has to be. */

import type { PastRun } from '../../core/run/run-history.ts';
import { listWaysOn } from '../../core/run/ways-on.ts';
import { judgeBox } from '../../core/status/box.ts';
import { judgeDeployment } from '../../core/status/judge-deployment.ts';
import { listMends } from '../../core/status/mends.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { groupTitle, levelWord, modeWord } from '../present/common.ts';
import { fitCells, formatMiB, formatPercent, textWidth } from '../present/format.ts';
import { boxFacts, dataFacts } from '../present/status-box.ts';
import {
  clockTime,
  dataAge,
  headline,
  healthText,
  memoryDrift,
  memoryTotal,
  stateAge,
  stateWord,
} from '../present/status-words.ts';
import { interruptedLine } from './history.ts';

type PlainColumn = {
  readonly heading: string;
  readonly align: 'left' | 'right';
  readonly text: (service: ServiceStatus, state: StatusState) => string;
};

function memoryNote(service: ServiceStatus): string {
  const drift = memoryDrift(service);
  return drift === undefined ? '' : `+${formatPercent(drift)} over the expected`;
}

const columns: readonly PlainColumn[] = [
  { heading: 'SERVICE', align: 'left', text: ({ name }) => name },
  { heading: 'GROUP', align: 'left', text: ({ group }) => groupTitle(group) },
  { heading: 'STATE', align: 'left', text: ({ state }) => stateWord(state) },
  { heading: 'UP', align: 'right', text: (service, { nowMs }) => stateAge(service, nowMs) },
  { heading: 'RESTARTS', align: 'right', text: ({ restartCount }) => String(restartCount) },
  {
    heading: 'CPU',
    align: 'right',
    text: ({ usage }) => (usage?.cpuShare === undefined ? '' : formatPercent(usage.cpuShare, 1)),
  },
  {
    heading: 'MEMORY',
    align: 'right',
    text: ({ usage }) => (usage === undefined ? '' : formatMiB(usage.memoryMiB)),
  },
  { heading: 'EXPECTED', align: 'right', text: ({ expectedMiB }) => formatMiB(expectedMiB) },
  {
    heading: 'LIMIT',
    align: 'right',
    text: ({ limitMiB }) => (limitMiB === undefined ? 'none' : formatMiB(limitMiB)),
  },
  {
    heading: 'SAYS',
    align: 'left',
    text: service => (service.health === undefined ? '' : healthText(service)),
  },
  {
    heading: 'NOTE',
    align: 'left',
    text: service => (service.state.kind === 'left-out' ? service.state.reason : memoryNote(service)),
  },
];

function dataText({ data, mode }: StatusState): string {
  const { bucket, sample, problem } = data;
  if (sample === undefined) return `${bucket}: ${problem ?? 'not asked'}`;
  const other = mode === 'test' ? 'production' : 'test';
  const points = sample.otherModePointsPerMinute;
  const otherText =
    points === undefined
      ? ''
      : `, ${other} ${points === 0 ? 'silent' : `${Math.round(points)} points/min too`}`;
  return `${bucket}: ${Math.round(sample.pointsPerMinute)} points/min, ${dataAge(sample)}${otherText}`;
}

const factLine = (what: string, { label, text }: { readonly label: string; readonly text: string }): string =>
  `${what}, ${label.toLowerCase()}: ${text}`;

/** What `homeiq status` prints, one line each. */
export function statusTable(state: StatusState, interrupted?: PastRun): readonly string[] {
  const judgement = judgeDeployment(state);
  const level = levelWord(state.level);
  const rows = state.services.map(service => columns.map(({ text }) => sanitiseLine(text(service, state))));
  const widths = columns.map(({ heading }, index) =>
    Math.max(textWidth(heading), ...rows.map(row => textWidth(row[index] ?? ''))),
  );
  const layout = (cells: readonly string[]): string =>
    cells
      .map((text, index) => fitCells(text, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  const cpu = state.totals.cpuShare === undefined ? '' : `, cpu ${formatPercent(state.totals.cpuShare)}`;
  const gone =
    state.engine.kind === 'gone'
      ? [`Seen at ${clockTime(state.engine.sinceMs)}: ${state.engine.message}`]
      : [];
  return [
    `HomeIQ ${modeWord(state.mode)}${level === undefined ? '' : ` ${level}`}: ${headline(judgement, state.engine)}`,
    ...gone,
    `${memoryTotal(state)}${cpu}`,
    dataText(state),
    '',
    layout(columns.map(({ heading }) => heading)),
    ...rows.map(layout),
    ...(judgement.reasons.length === 0 || state.engine.kind === 'gone' ? [] : ['', ...judgement.reasons]),
    ...listMends(state),
    '',
    ...boxFacts(state).map(fact => factLine('Box', fact)),
    ...dataFacts(state).map(fact => factLine('Data', fact)),
    ...judgeBox(state).map(({ text }) => `Attention: ${text}`),
    ...(interrupted === undefined
      ? []
      : ['', interruptedLine(interrupted), ...listWaysOn(interrupted).map(text => `  ${text}`)]),
  ].map(sanitiseLine);
}
