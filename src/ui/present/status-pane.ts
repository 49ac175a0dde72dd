/** What lies under the table, or over it where there is no room: details, log, events, a question. */

import type { StatusQuestion, StatusView } from '../../app/monitor/status-view.ts';
import type { StatusRow } from '../../core/status/status-rows.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { groupTitle, labelled, paragraph } from './common.ts';
import { contentWidth, type Viewport } from './compose-screen.ts';
import { formatCount, formatMiB, formatPercent, spread, wrapWords } from './format.ts';
import {
  clockTime,
  commandByHand,
  eventText,
  eventTone,
  memoryDetail,
  restartsText,
  serviceSentence,
} from './status-words.ts';
import { emptyLine, type Line, line, span } from './tone.ts';

/** The selected service in one line: what the table has no room for. */
export function detailLine(row: StatusRow | undefined, viewport: Viewport): Line {
  if (row === undefined) return line(span('Nothing has this text. Esc shows everything again.', 'dim'));
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
        : `${formatPercent(service.usage.cpuShare, 1)} of the machine`,
    ],
    [
      'Restarts',
      service.wasKilledForMemory
        ? `${restartsText(service.restartCount)}; last killed for memory`
        : restartsText(service.restartCount),
    ],
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

/** The newest event first. */
export function eventLines(state: StatusState, view: StatusView, room: number): readonly Line[] {
  const { events } = state;
  const newest = events.toReversed().slice(view.eventScroll, view.eventScroll + room - 1);
  const title = line(
    span('What happened', 'strong'),
    span('  since this screen was opened, newest first', 'dim'),
  );
  if (events.length === 0) return [title, line(span('Nothing yet.', 'dim'))];
  return [
    title,
    ...newest.map(event =>
      line(span(`${clockTime(event.atMs)} `, 'dim'), span(eventText(event), eventTone(event))),
    ),
  ];
}

const answerWords = { restart: 'Restart', stop: 'Stop', start: 'Start' } as const;
const meanings = {
  restart: 'it answers nobody until it is up again',
  stop: 'it stays stopped until it is started; its data stays',
  start: 'it is started as it was made',
} as const;

/** What is asked before something is interrupted: each answer with the command that does it by hand. */
export function questionLines(
  question: StatusQuestion,
  state: StatusState,
  viewport: Viewport,
): { readonly body: readonly Line[]; readonly focus: { readonly from: number; readonly to: number } } {
  const { services } = question;
  const what =
    services.length === 1 ? (services[0] ?? '') : `${services.length} services: ${services.join(', ')}`;
  const body: Line[] = [...paragraph(`What shall be done with ${what}?`, viewport, 'warn'), emptyLine];
  let from = 0;
  let to = 0;
  for (const [index, kind] of question.answers.entries()) {
    const isSelected = index === question.selected;
    if (isSelected) from = body.length;
    const pointer = isSelected ? viewport.glyphs.pointer : ' ';
    body.push(
      line(
        span(`${pointer} ${index + 1} ${answerWords[kind]}`, isSelected ? 'accent' : 'strong'),
        span(`  ${meanings[kind]}`, 'dim'),
      ),
    );
    const command = commandByHand(kind, state.project, services);
    const indent = '    ';
    const wrapped = wrapWords(`by hand: ${command}`, contentWidth(viewport) - indent.length);
    body.push(...wrapped.map(text => line(indent, span(text, 'dim'))));
    if (isSelected) to = body.length - 1;
  }
  return { body, focus: { from, to } };
}
