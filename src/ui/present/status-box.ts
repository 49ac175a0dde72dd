/** The machine and the data, as panes under the table and in words for every rendering. */

import {
  type BoxWord,
  describeKill,
  judgeBox,
  listKills,
  otherMiB,
  topEaters,
} from '../../core/status/box.ts';
import { explainStrays } from '../../core/status/judge-deployment.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { labelled } from './common.ts';
import { contentWidth, isRoomy, type Viewport } from './compose-screen.ts';
import {
  fitCells,
  formatCount,
  formatGB,
  formatMiB,
  formatRoundGB,
  formatSparkline,
  lineWidth,
  truncateLine,
} from './format.ts';
import { clockTime, dataAge } from './status-words.ts';
import { type Line, line, span, type Tone } from './tone.ts';

type Fact = { readonly label: string; readonly text: string; readonly tone?: Tone };

const shownEaters = 3;
const historyCells = 8;
const daySeconds = 86_400;

const wordTone = ({ level }: BoxWord): Tone => (level === 'tight' ? 'bad' : 'warn');

/** Above the table: the worst, and how much more there is to say. */
export function boxWordLines(state: StatusState, viewport: Viewport): readonly Line[] {
  const [worst, ...rest] = judgeBox(state);
  if (worst === undefined) return [];
  const more = rest.length === 0 ? '' : `, and ${rest.length} more: b`;
  const glyph = worst.level === 'tight' ? viewport.glyphs.bad : viewport.glyphs.note;
  return [line(span(`${glyph} ${worst.text}${more}`, wordTone(worst)))];
}

/** What the machine says, a line each. Empty while nobody looked. */
export function boxFacts(state: StatusState): readonly Fact[] {
  const { box, totals, cores } = state;
  const words = judgeBox(state);
  const toneOf = (about: BoxWord['about']): Pick<Fact, 'tone'> => {
    const word = words.find(each => each.about === about);
    return word === undefined ? {} : { tone: wordTone(word) };
  };
  const eaters = topEaters(state, shownEaters).map(
    ({ name, memoryMiB }) => `${name} ${formatMiB(memoryMiB)}`,
  );
  const kills = listKills(state).map(kill => {
    const when = kill.atMs === undefined ? 'before this was opened' : `at ${clockTime(kill.atMs)}`;
    return `${describeKill(kill)}, ${when}`;
  });
  const told: readonly Fact[] = [
    { label: 'Eaters', text: eaters.length === 0 ? 'not known' : eaters.join(', '), ...toneOf('limit') },
    {
      label: 'Killed',
      text: kills.length === 0 ? 'nobody for memory' : kills.join('; '),
      ...(kills.length === 0 ? {} : { tone: 'bad' as const }),
    },
  ];
  if (box === undefined) return [{ label: 'Memory', text: 'the machine does not tell' }, ...told];
  const { machine, swappedPagesPerSecond = 0 } = box;
  const swapUsedMiB = machine.swapTotalMiB - machine.swapFreeMiB;
  const nominal =
    Math.abs(totals.budgetMiB - machine.totalMiB) < nearMiB
      ? ''
      : `; counted on ${formatRoundGB(totals.budgetMiB)}`;
  return [
    {
      label: 'Memory',
      text: `stack ${formatGB(totals.memoryMiB)}, all else ${formatGB(otherMiB(box, totals.memoryMiB))}, free ${formatGB(machine.availableMiB)} of ${formatRoundGB(machine.totalMiB)}${nominal}`,
      ...toneOf('memory'),
    },
    {
      label: 'Swap',
      text:
        machine.swapTotalMiB === 0
          ? 'none'
          : `${formatGB(swapUsedMiB)} of ${formatRoundGB(machine.swapTotalMiB)} used, ${swappedPagesPerSecond >= 1 ? 'swapping' : 'quiet'}`,
      ...toneOf('swap'),
    },
    {
      label: 'Load',
      text: `${machine.load.map(load => load.toFixed(1)).join(' ')} on ${formatCount(cores, 'core')}`,
    },
    ...box.disks.map(({ holds, mountPoint, freeMiB, totalMiB }) => ({
      label: 'Disk',
      text: `${formatGB(freeMiB)} of ${formatRoundGB(totalMiB)} free on ${mountPoint}: ${holds.join(', ')}`,
      ...toneOf('disk'),
    })),
    ...told,
  ];
}
/** The 8 GB of a box are a little less when the kernel has taken its part. */
const nearMiB = 768;

/** What an ingestion says of Home Assistant's events; undefined when none says anything. */
function eventsText(services: readonly ServiceStatus[]): string | undefined {
  const told = services.find(({ health }) => health?.answer?.events !== undefined);
  const events = told?.health?.answer?.events;
  if (told === undefined || events === undefined) return undefined;
  const connection =
    events.isConnected === undefined ? '' : events.isConnected ? 'connected, ' : 'not connected, ';
  const rate = told.health?.eventsPerMinute;
  const count = events.count === undefined ? 'not counted' : formatCount(events.count, 'event');
  return `${told.name}: ${connection}${rate === undefined ? count : `${Math.round(rate)} events a minute`}`;
}

const retentionText = (seconds: number): string =>
  seconds === 0 ? 'kept for ever' : `kept ${Math.round(seconds / daySeconds)} days`;

const homeAssistantText = ({ kind, text }: NonNullable<Sample['homeAssistant']>): string =>
  kind === 'accepted' ? `answers, version ${text}, takes the token` : `${kind.replaceAll('-', ' ')}: ${text}`;

type Sample = NonNullable<StatusState['data']['sample']>;

const costText = ({
  by,
  requests,
  queries,
  lastMs,
  totalMs,
  answerBytes,
}: NonNullable<Sample['cost']>): string =>
  [
    `${by === 'counters' ? 'counters' : 'query'} ${Math.round(lastMs)} ms`,
    ...(answerBytes === undefined ? [] : [`${Math.round(answerBytes / 1000)} kB`]),
    `${requests} asked, ${queries} of them queries, ${Math.round(totalMs / Math.max(1, requests))} ms each`,
  ].join(', ');

/** What is known of the data, a line each. */
export function dataFacts(state: StatusState): readonly Fact[] {
  const { sample, bucket, problem } = state.data;
  const other = state.mode === 'test' ? 'Production' : 'Test';
  const events = eventsText(state.services);
  const eventFact: readonly Fact[] = events === undefined ? [] : [{ label: 'Events', text: events }];
  if (sample === undefined) {
    return [{ label: 'Points', text: problem ?? 'not asked yet', tone: 'warn' }, ...eventFact];
  }
  const strays = explainStrays(state);
  const [main, ...sides] = sample.buckets ?? [];
  const sizeOf = (bytes: number | undefined): string =>
    bytes === undefined ? 'size not published' : `${formatMiB(bytes / 1024 ** 2)} on disk`;
  const home = sample.homeAssistant;
  return [
    {
      label: 'Points',
      text: `${Math.round(sample.pointsPerMinute)} a minute into ${bucket}, ${dataAge(sample)}${problem === undefined ? '' : `; ${problem}`}`,
      ...(sample.pointsPerMinute > 0 && problem === undefined ? {} : { tone: 'warn' as const }),
    },
    {
      label: other,
      text:
        strays.length > 0
          ? strays.join('; ')
          : sample.otherModePointsPerMinute === undefined
            ? 'nobody can look there'
            : 'silent, as it must be',
      ...(strays.length > 0 ? { tone: 'bad' as const } : {}),
    },
    ...(main === undefined
      ? []
      : [
          {
            label: 'Bucket',
            text: `${sizeOf(main.bytes)}, ${retentionText(main.retentionSeconds)}, and ${formatCount(sides.length, 'side bucket')}`,
          },
        ]),
    ...(home === undefined
      ? []
      : [
          {
            label: 'Home',
            text: homeAssistantText(home),
            ...(home.kind === 'accepted' ? {} : { tone: 'bad' as const }),
          },
        ]),
    ...eventFact,
    ...(sample.cost === undefined ? [] : [{ label: 'Cost', text: costText(sample.cost) }]),
  ];
}

const factLines = (facts: readonly Fact[], viewport: Viewport): readonly Line[] =>
  facts.flatMap(({ label, text, tone }) =>
    labelled(label, text, viewport, { labelWidth: 11, ...(tone === undefined ? {} : { tone }) }),
  );

function titled(title: string, history: string, facts: readonly Fact[], viewport: Viewport): readonly Line[] {
  return [line(span(title, 'strong'), span(`  ${history}`, 'dim')), ...factLines(facts, viewport)];
}

export function boxLines(state: StatusState, viewport: Viewport): readonly Line[] {
  const used = (state.box?.history ?? []).map(
    availableMiB => (state.box?.machine.totalMiB ?? 0) - availableMiB,
  );
  const history = formatSparkline(used, historyCells, viewport.glyphs, state.box?.machine.totalMiB);
  return titled('The box', used.length === 0 ? '' : `memory ${history}`, boxFacts(state), viewport);
}

export function dataLines(state: StatusState, viewport: Viewport): readonly Line[] {
  const { history } = state.data;
  const spark = history.length === 0 ? '' : formatSparkline(history, historyCells, viewport.glyphs);
  return titled('The data', spark, dataFacts(state), viewport);
}

/** From here on the two stand beside each other. */
const besideColumns = 118;
const gapColumns = 2;

export const hasRoomBeside = (viewport: Viewport): boolean =>
  isRoomy(viewport) && contentWidth(viewport) >= besideColumns;

/** Box and data beside each other, each in its half. */
export function besideLines(state: StatusState, viewport: Viewport): readonly Line[] {
  const half = Math.floor((contentWidth(viewport) - gapColumns) / 2);
  const part = { ...viewport, columns: half + 2 };
  const [left, right] = [boxLines(state, part), dataLines(state, part)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => {
    const cut = truncateLine(left[index] ?? [], half, viewport.glyphs);
    return [
      ...cut,
      span(fitCells('', half + gapColumns - lineWidth(cut))),
      ...truncateLine(right[index] ?? [], half, viewport.glyphs),
    ];
  });
}
