/** The table of services: columns by the room there is, one row a service or group. */

import type { StatusView } from '../../app/monitor/status-view.ts';
import { judgeService } from '../../core/status/judge-deployment.ts';
import type { SortOrder, StatusRow } from '../../core/status/status-rows.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { groupTitle } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { formatMiB, formatPercent, formatSparkline, layoutCells } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import { memoryDrift, stateAge, stateGlyph, stateTone, stateWord } from './status-words.ts';
import { type Cell, cell, type Line, type Tone } from './tone.ts';

type ColumnId =
  | 'name'
  | 'state'
  | 'age'
  | 'restarts'
  | 'cpu'
  | 'cpu-history'
  | 'memory'
  | 'memory-history'
  | 'expected'
  | 'share'
  | 'brief';

type Column = {
  readonly id: ColumnId;
  readonly width: number;
  readonly from: number;
  readonly until?: number;
};

/** `from`: the width of the content from which the column is shown. All figures are as wide as they can get. */
const columns: readonly Column[] = [
  { id: 'state', width: 10, from: 58 },
  { id: 'age', width: 6, from: 68 },
  { id: 'restarts', width: 8, from: 118 },
  { id: 'cpu', width: 6, from: 58 },
  { id: 'cpu-history', width: 8, from: 104 },
  { id: 'memory', width: 7, from: 58 },
  { id: 'memory-history', width: 6, from: 76 },
  { id: 'expected', width: 8, from: 98 },
  { id: 'share', width: 6, from: 72 },
  { id: 'brief', width: 10, from: 0, until: 58 },
];
const widestName = 44;
const extraHistory = 10;

const gap = 1;

/** The columns that fit; the name takes what they leave, and on wide terminals the histories grow first. */
function tableColumns(width: number): readonly Column[] {
  const shown = columns.filter(
    ({ from, until = Number.POSITIVE_INFINITY }) => width >= from && width < until,
  );
  const grown = shown.map(column =>
    column.id.endsWith('history') && width >= 140
      ? { ...column, width: column.width + extraHistory }
      : column,
  );
  const used = grown.reduce((sum, column) => sum + column.width + gap, 0);
  return [{ id: 'name', width: Math.min(widestName, Math.max(12, width - used)), from: 0 }, ...grown];
}

const headings: Readonly<Record<ColumnId, string>> = {
  name: 'Service',
  state: 'State',
  age: 'Up',
  restarts: 'Restarts',
  cpu: 'CPU',
  'cpu-history': '',
  memory: 'Memory',
  'memory-history': '',
  expected: 'Expected',
  share: 'Limit',
  brief: '',
};

const rightAligned: readonly ColumnId[] = ['age', 'restarts', 'cpu', 'memory', 'expected', 'share', 'brief'];
const alignOf = (id: ColumnId): 'left' | 'right' => (rightAligned.includes(id) ? 'right' : 'left');

const sortColumn: Readonly<Record<SortOrder, ColumnId | undefined>> = {
  group: undefined,
  state: 'state',
  memory: 'memory',
  cpu: 'cpu',
  name: 'name',
};

export function tableHeading(view: StatusView, viewport: Viewport): Line {
  const widths = tableColumns(contentWidth(viewport));
  const sorted = sortColumn[view.sort];
  return layoutCells(
    widths.map(({ id }) => {
      const heading = id === 'cpu' && view.cpuBase === 'core' ? 'Core' : headings[id];
      const text = id === 'name' ? `    ${heading}` : heading;
      const mark = id === sorted ? viewport.glyphs.arrowDown : '';
      return cell(`${text}${mark}`, id === sorted ? 'accent' : 'dim', alignOf(id));
    }),
    widths.map(({ width }) => width),
    viewport.glyphs,
    gap,
  );
}

/** A CPU history is full at a quarter of the machine, unless it goes above: small numbers must not look like load. */
const cpuFullShare = 0.25;

function shareTone(share: number | undefined): Tone {
  if (share === undefined) return 'plain';
  return share >= 0.95 ? 'bad' : share >= 0.85 ? 'warn' : 'plain';
}

/** In six cells: a share of one core can be several hundred per cent. */
const cpuText = (share: number): string => formatPercent(share, share >= 0.9995 ? 0 : 1);

function serviceCell(
  id: ColumnId,
  width: number,
  service: ServiceStatus,
  state: StatusState,
  cpuFactor: number,
  glyphs: Glyphs,
): Cell {
  const { usage, limitMiB, history } = service;
  const share = usage === undefined || limitMiB === undefined ? undefined : usage.memoryMiB / limitMiB;
  const isOver = memoryDrift(service) !== undefined;
  const right = (text: string, tone: Tone = 'plain'): Cell => cell(text, tone, 'right');
  switch (id) {
    case 'name':
      return cell(service.name);
    case 'state':
      return cell(stateWord(service.state), stateTone(service.state));
    case 'age':
      return right(stateAge(service, state.nowMs), 'dim');
    case 'restarts':
      return right(service.restartCount === 0 ? '' : String(service.restartCount), 'warn');
    case 'cpu':
      return right(usage?.cpuShare === undefined ? '' : cpuText(usage.cpuShare * cpuFactor));
    case 'cpu-history': {
      const top = Math.max(cpuFullShare, ...history.cpuShare);
      return cell(formatSparkline(history.cpuShare, width, glyphs, top), 'dim');
    }
    case 'memory':
      return right(usage === undefined ? '' : formatMiB(usage.memoryMiB), shareTone(share));
    case 'memory-history': {
      const top = limitMiB ?? Math.max(1, 2 * service.expectedMiB);
      return cell(formatSparkline(history.memoryMiB, width, glyphs, top), 'dim');
    }
    case 'brief': {
      // Where there is room for one word, it is the state unless all is well.
      if (usage === undefined || judgeService(service) !== 'good') {
        return right(stateWord(service.state), stateTone(service.state));
      }
      const tone = isOver && shareTone(share) === 'plain' ? 'warn' : shareTone(share);
      return right(`${formatMiB(usage.memoryMiB)}${isOver ? glyphs.arrowUp : ' '}`, tone);
    }
    case 'expected':
      return right(service.expectedMiB > 0 ? formatMiB(service.expectedMiB) : '', 'dim');
    case 'share':
      return right(
        `${share === undefined ? '' : formatPercent(share)}${isOver ? glyphs.arrowUp : ' '}`,
        isOver && shareTone(share) === 'plain' ? 'warn' : shareTone(share),
      );
  }
}

const sumOf = (values: readonly (number | undefined)[]): number | undefined => {
  const known = values.filter(value => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
};

/** `7 healthy`, `6 of 7`. */
function groupWord(services: readonly ServiceStatus[]): Cell {
  const wanted = services.filter(service => judgeService(service) !== 'not-wanted');
  const good = wanted.filter(service => judgeService(service) === 'good').length;
  if (wanted.length === 0) return cell('left out', 'dim');
  if (good === wanted.length) {
    const areHealthy = wanted.every(({ state }) => state.kind === 'healthy');
    return cell(`${good} ${areHealthy ? 'healthy' : 'good'}`, 'good');
  }
  const hasBad = wanted.some(service => judgeService(service) === 'bad');
  return cell(`${good} of ${wanted.length}`, hasBad ? 'bad' : 'warn');
}

function groupCell(id: ColumnId, row: Extract<StatusRow, { kind: 'group' }>, cpuFactor: number): Cell {
  const { services } = row;
  switch (id) {
    case 'name':
      return cell(groupTitle(row.group), 'strong');
    case 'state':
      return groupWord(services);
    case 'cpu': {
      const share = sumOf(services.map(({ usage }) => usage?.cpuShare));
      return cell(share === undefined ? '' : cpuText(share * cpuFactor), 'dim', 'right');
    }
    case 'memory':
    case 'brief': {
      const total = sumOf(services.map(({ usage }) => usage?.memoryMiB));
      const room = id === 'brief' ? ' ' : '';
      return cell(total === undefined ? '' : `${formatMiB(total)}${room}`, 'dim', 'right');
    }
    case 'expected': {
      const total = sumOf(services.map(({ expectedMiB }) => expectedMiB));
      return cell(total === undefined ? '' : formatMiB(total), 'dim', 'right');
    }
    default:
      return cell('');
  }
}

/** One row. When the figures are old (`isStale`) everything is dim. */
export function tableRow(
  row: StatusRow,
  options: {
    readonly isSelected: boolean;
    readonly isMarked: boolean;
    readonly isStale: boolean;
    readonly isGrouped: boolean;
    readonly cpuBase: StatusView['cpuBase'];
  },
  state: StatusState,
  viewport: Viewport,
): Line {
  const { glyphs } = viewport;
  const cpuFactor = options.cpuBase === 'core' ? state.cores : 1;
  const widths = tableColumns(contentWidth(viewport));
  const pointer = options.isSelected ? glyphs.pointer : ' ';
  const cells = widths.map(({ id, width }): Cell => {
    const made =
      row.kind === 'group'
        ? groupCell(id, row, cpuFactor)
        : serviceCell(id, width, row.service, state, cpuFactor, glyphs);
    if (id !== 'name') return made;
    const mark =
      row.kind === 'group'
        ? row.isOpen
          ? glyphs.open
          : glyphs.closed
        : stateGlyph(row.service.state, glyphs);
    const indent = row.kind === 'service' && options.isGrouped && contentWidth(viewport) >= 98 ? '  ' : '';
    const tone = options.isSelected
      ? 'accent'
      : row.kind === 'service' && judgeService(row.service) === 'bad'
        ? 'bad'
        : made.tone;
    const chosen = options.isMarked ? glyphs.marked : ' ';
    return cell(`${pointer}${chosen}${indent}${mark} ${made.text}`, tone);
  });
  return layoutCells(
    options.isStale ? cells.map(each => ({ ...each, tone: 'dim' as const })) : cells,
    widths.map(({ width }) => width),
    glyphs,
    gap,
  );
}
