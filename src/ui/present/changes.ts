/** What a plan does to what runs already, in words that the screen and the lines share. */

import type { Draft } from '../../app/wizard/wizard-types.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { ServiceChange } from '../../core/plan/service-change.ts';
import { modeWord } from './common.ts';
import { formatCount, formatDuration, formatGB, formatRoundGB } from './format.ts';
import type { Tone } from './tone.ts';
import { verdictWord } from './wizard-memory.ts';

/** One thing that is said, under its label. */
export type LabelledText = { readonly label: string; readonly text: string; readonly tone?: Tone };

/** Something runs that the plan touches or keeps; a first set-up only starts. */
export const changesWhatRuns = ({ from, changes = [] }: Plan): boolean =>
  from !== undefined || changes.some(({ kind }) => kind !== 'start');

const ofKind = <Kind extends ServiceChange['kind']>(
  changes: readonly ServiceChange[],
  kind: Kind,
): readonly Extract<ServiceChange, { kind: Kind }>[] =>
  changes.filter((change): change is Extract<ServiceChange, { kind: Kind }> => change.kind === kind);

const counted = (items: readonly { readonly name: string }[]): string =>
  `${items.length}: ${items.map(({ name }) => name).join(', ')}`;

/** `a (why), b (why)`; what all of them have in common is said once. */
function recreateText(items: readonly Extract<ServiceChange, { kind: 'recreate' }>[]): string {
  const [first] = items;
  const common =
    first === undefined || items.length < 2
      ? []
      : first.reasons.filter(reason => items.every(({ reasons }) => reasons.includes(reason)));
  const names = items.map(({ name, reasons }) => {
    const own = reasons.filter(reason => !common.includes(reason));
    return own.length === 0 ? name : `${name} (${own.join(', ')})`;
  });
  const all = common.length === 0 ? '' : `. All for: ${common.join(', ')}`;
  return `${items.length}: ${names.join(', ')}${all}`;
}

/** Stop, recreate, start, keep: by name, with the reasons. Kinds without any service are left out. */
export function changeTexts(changes: readonly ServiceChange[]): readonly LabelledText[] {
  const stop = ofKind(changes, 'stop');
  const recreate = ofKind(changes, 'recreate');
  const start = ofKind(changes, 'start');
  const keep = ofKind(changes, 'keep');
  return [
    ...(stop.length === 0 ? [] : [{ label: 'Stop', text: counted(stop) }]),
    ...(recreate.length === 0 ? [] : [{ label: 'Recreate', text: recreateText(recreate) }]),
    ...(start.length === 0 ? [] : [{ label: 'Start', text: counted(start) }]),
    ...(keep.length === 0 ? [] : [{ label: 'Keep', text: `${counted(keep)} (not touched)` }]),
  ];
}

/** How many of each kind, where there is no room for the names at once. */
export function countText(changes: readonly ServiceChange[]): LabelledText {
  const words = { stop: 'stop', recreate: 'recreated', start: 'start', keep: 'stay' } as const;
  const kinds = ['stop', 'recreate', 'start', 'keep'] as const;
  const counts = kinds.map(kind => `${ofKind(changes, kind).length} ${words[kind]}`);
  return { label: '', text: counts.join(', ') };
}

/** `FITS: 5.0 to 5.5 of 8 GB, at most 5.5 on the way`; undefined when what runs was not observed. */
export function onTheWayText({ onTheWay, memory }: Plan, to = 'to'): LabelledText | undefined {
  if (onTheWay === undefined) return undefined;
  const { beforeMiB, worstMiB, afterMiB } = onTheWay;
  const isTooMuch = worstMiB > Math.max(memory.budgetMiB - memory.reserveMiB, beforeMiB);
  const { word, tone } = verdictWord(isTooMuch ? 'does-not-fit' : memory.verdict);
  const figures = `${formatGB(beforeMiB)} ${to} ${formatGB(afterMiB)} of ${formatRoundGB(memory.budgetMiB)}`;
  return { label: 'Memory', text: `${word}: ${figures}, at most ${formatGB(worstMiB)} on the way`, tone };
}

/** What becomes of the data of the mode that is left. */
export function dataText(from: Mode): LabelledText {
  const { buckets, homeAssistant } = modeFacts[from];
  const names = buckets.map(({ name }) => name).join(', ');
  const home = homeAssistant === 'container' ? ', and its Home Assistant with all it holds' : '';
  return {
    label: 'Data',
    text: `that of ${modeWord(from)} stays, in every volume: ${formatCount(buckets.length, 'bucket')} (${names})${home}. It is not reachable until you switch back.`,
  };
}

export type DraftedSettings = Pick<Draft, 'settings' | 'envChanges'>;

/** The keys that are new in `.env` and were neither given, made nor found out: the template, or the mode, says them. */
export function unremarkable({ settings, envChanges }: DraftedSettings): readonly string[] {
  const fresh = new Set(envChanges.filter(({ before }) => before === undefined).map(({ key }) => key));
  return settings
    .filter(({ field, value, origin }) => {
      const isOfTemplate = value === field.defaultValue && origin !== 'answer';
      return fresh.has(field.key) && (field.isFixed || isOfTemplate);
    })
    .map(({ field }) => field.key);
}

/** How long it takes, as far as this machine has a history, and whether the database answers meanwhile. */
export function timeText({ expectedMs, changes = [] }: Plan): LabelledText {
  const time =
    expectedMs === undefined
      ? 'not known: the first of its kind on this machine.'
      : `about ${formatDuration(expectedMs)}, as before on this machine.`;
  const database = changes.find(({ name }) => name === 'influxdb');
  switch (database?.kind) {
    case 'keep':
      return { label: 'Time', text: `${time} InfluxDB stays up.` };
    case 'recreate':
      return {
        label: 'Time',
        text: `${time} InfluxDB is away meanwhile, for: ${database.reasons.join(', ')}.`,
        tone: 'warn',
      };
    default:
      return { label: 'Time', text: time };
  }
}
