/** A plan in lines that a person, a pager or a screen reader reads from top to bottom. */

import type { Plan } from '../../core/plan/plan.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import {
  changesWhatRuns,
  changeTexts,
  type DraftedSettings,
  dataText,
  type LabelledText,
  onTheWayText,
  timeText,
  unremarkable,
} from '../present/changes.ts';
import { groupTitle, levelWord, modeWord, notesBesidesServices } from '../present/common.ts';
import { fitCells, formatCount, formatMiB, formatRoundGB, textWidth } from '../present/format.ts';
import { measuredText, verdictWord } from '../present/wizard-memory.ts';

function serviceLines(plan: Plan): readonly string[] {
  const width = Math.max(0, ...plan.services.map(service => textWidth(service.name)));
  const groups = [...new Set(plan.services.map(service => service.group))];
  return groups.flatMap(group => [
    `${groupTitle(group)}:`,
    ...plan.services
      .filter(service => service.group === group)
      .map(service => {
        const figures = `${formatMiB(service.expectedMiB).padStart(8)}  limit ${
          service.limitMiB === undefined ? 'none' : formatMiB(service.limitMiB)
        }`;
        const measured = service.isMeasured === true ? '  measured' : '';
        const out = service.start ? '' : `  NOT STARTED: ${service.reason ?? 'not wanted'}`;
        return `  ${fitCells(service.name, width)}  ${figures}${measured}${out}`;
      }),
  ]);
}

function memoryLines({ memory }: Plan): readonly string[] {
  const left =
    memory.headroomMiB < 0
      ? `${formatMiB(-memory.headroomMiB)} too much`
      : `${formatMiB(memory.headroomMiB)} stay free`;
  return [
    `Memory: ${verdictWord(memory.verdict).word}: ${formatMiB(memory.startMiB)} start and ${formatMiB(
      memory.reserveMiB,
    )} for the system, of ${formatRoundGB(memory.budgetMiB)}: ${left}.`,
    ...measuredText(memory).map(text => `  ${text}`),
    ...memory.suggestions.map(({ name, savesMiB }) => `  Leave out ${name}: saves ${formatMiB(savesMiB)}`),
  ];
}

/** What a set-up says before it begins, and a plan at its end. */
export const noteLines = (notes: readonly string[]): readonly string[] =>
  notes.map(note => sanitiseLine(`Note: ${note}`));

const textLine = ({ label, text }: LabelledText): string => `${label}: ${text}`;

/** What becomes of each service, with the reasons, and the memory on the way. */
function changeLines(plan: Plan): readonly string[] {
  const { changes } = plan;
  if (changes === undefined || !changesWhatRuns(plan)) return [];
  const onTheWay = onTheWayText(plan);
  return [
    ...changeTexts(changes).map(textLine),
    ...(onTheWay === undefined ? [] : [`${onTheWay.label} on the way: ${onTheWay.text}`]),
  ];
}

/** The title of a plan: what it sets up, or from where to where it switches. */
function titleText({ from, mode, level, folder }: Plan): string {
  const word = levelWord(level);
  const what =
    from === undefined
      ? `HomeIQ in ${modeWord(mode)} mode`
      : `HomeIQ: switch from ${modeWord(from)} to ${modeWord(mode)}`;
  return `${what}${word === undefined ? '' : ` (${word})`}, folder ${folder}`;
}

/** So many new keys that are as in the template are named; of more their number is told. */
const mostNamed = 12;

/** The changed keys by name; of a new `.env`, where nearly all are as in the template, those that are not. */
function settingsLines(plan: Plan, drafted: DraftedSettings | undefined): readonly string[] {
  const { changedKeys, mode } = plan;
  if (changedKeys.length === 0) return ['Settings: no key of .env changes.'];
  const count = `Settings: ${formatCount(changedKeys.length, 'key')} of .env change`;
  const asInTemplate = new Set(plan.from === undefined && drafted !== undefined ? unremarkable(drafted) : []);
  if (asInTemplate.size <= mostNamed) return [`${count}: ${changedKeys.join(', ')}`];
  const others = changedKeys.filter(key => !asInTemplate.has(key));
  const rest = others.length === 0 ? '.' : `; the others are ${others.join(', ')}`;
  return [
    `${count}, ${asInTemplate.size} of them to what the template says${rest}`,
    `  All of them: this plan with --json; with their values: homeiq env diff --mode ${mode}`,
  ];
}

type Told = {
  /** The same by hand; told of a switch, which has no other place for it. */
  readonly commands?: readonly string[];
  /** Undefined: every changed key is named. */
  readonly drafted?: DraftedSettings;
};

/** One string a line. `notes`: what there is to say besides the figures. */
export function describePlan(
  plan: Plan,
  notes: readonly string[],
  { commands = [], drafted }: Told = {},
): readonly string[] {
  const { from } = plan;
  const starting = plan.services.filter(service => service.start).length;
  const open = plan.steps.filter(step => !step.done);
  return [
    titleText(plan),
    `${starting} of ${formatCount(plan.services.length, 'service')} ${from === undefined ? 'start' : 'run at the end'}.`,
    ...serviceLines(plan),
    ...memoryLines(plan),
    ...changeLines(plan),
    open.length === 0 ? 'Steps: everything is already as wanted.' : 'Steps:',
    ...plan.steps.map((step, index) => `  ${index + 1}. ${step.title}${step.done ? ' (already done)' : ''}`),
    ...settingsLines(plan, drafted),
    ...(from === undefined ? [] : [dataText(from), timeText(plan)].map(textLine)),
    ...(from === undefined || commands.length === 0 ? [] : ['The same by hand:']),
    ...(from === undefined ? [] : commands.map(command => `  ${command}`)),
    ...noteLines(notesBesidesServices(notes, plan.services)),
    'Nothing was changed.',
  ].map(sanitiseLine);
}
