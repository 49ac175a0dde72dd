/** The selected row in a line, or in a pane under the table. */

import type { StatusRow } from '../../core/status/status-rows.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { groupTitle, labelled } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { formatCount, formatMiB, formatPercent, spread } from './format.ts';
import { healthText, memoryDetail, restartsText, serviceSentence } from './status-words.ts';
import { type Line, line, span } from './tone.ts';

/** The selected service in one line: what the table has no room for. */
export function detailLine(row: StatusRow | undefined, viewport: Viewport): Line {
  if (row === undefined) return line(span('Nothing is selected.', 'dim'));
  if (row.kind === 'group') {
    const sum = (pick: (service: ServiceStatus) => number): number =>
      row.services.reduce((total, service) => total + pick(service), 0);
    const used = formatMiB(sum(({ usage }) => usage?.memoryMiB ?? 0));
    const expected = formatMiB(sum(({ expectedMiB }) => expectedMiB));
    return line(
      span(groupTitle(row.group), 'strong'),
      `  ${formatCount(row.services.length, 'service')}, ${used}, expected ${expected}`,
    );
  }
  const { service } = row;
  return spread(
    line(span(service.name, 'strong'), `  ${memoryDetail(service)}`),
    line(span(service.restartCount === 0 ? '' : restartsText(service.restartCount), 'warn')),
    contentWidth(viewport),
    viewport.glyphs,
  );
}

const isRunningWord = ({ containerId }: ServiceStatus): boolean => containerId !== undefined;

export function detailLines(
  row: StatusRow | undefined,
  state: StatusState,
  viewport: Viewport,
): readonly Line[] {
  if (row?.kind !== 'service') return [detailLine(row, viewport)];
  const { service } = row;
  const facts: readonly (readonly [string, string])[] = [
    ['State', serviceSentence(service, state.nowMs)],
    ['Memory', memoryDetail(service)],
    [
      'CPU',
      service.usage?.cpuShare === undefined
        ? 'not known'
        : `${formatPercent(service.usage.cpuShare, 1)} of the machine, ${formatPercent(service.usage.cpuShare * state.cores, 1)} of one core`,
    ],
    [
      'Restarts',
      service.wasKilledForMemory
        ? `${restartsText(service.restartCount)}; last killed for memory`
        : restartsText(service.restartCount),
    ],
    ...(service.health === undefined ? [] : ([['Says', healthText(service)]] as const)),
    ...(isRunningWord(service)
      ? ([
          ['Container', service.containerName ?? ''],
          ['By hand', `docker compose -p ${state.project} logs -f ${service.name}`],
        ] as const)
      : []),
  ];
  return [
    line(span(service.name, 'strong'), span(`  ${groupTitle(service.group)}`, 'dim')),
    ...facts.flatMap(([label, text]) => labelled(label, text, viewport, { labelWidth: 11 })),
  ];
}
