/** A plan in lines that a person, a pager or a screen reader reads from top to bottom. */

import type { Plan } from '../../core/plan/plan.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { groupTitle, levelWord, modeWord } from '../present/common.ts';
import { fitCells, formatCount, formatMiB, formatRoundGB, textWidth } from '../present/format.ts';
import { verdictWord } from '../present/wizard-memory.ts';

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
        const out = service.start ? '' : `  NOT STARTED: ${service.reason ?? 'not wanted'}`;
        return `  ${fitCells(service.name, width)}  ${figures}${out}`;
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
    ...memory.suggestions.map(({ name, savesMiB }) => `  Leave out ${name}: saves ${formatMiB(savesMiB)}`),
  ];
}

/** One string a line. */
export function describePlan(plan: Plan): readonly string[] {
  const word = levelWord(plan.level);
  const starting = plan.services.filter(service => service.start).length;
  const open = plan.steps.filter(step => !step.done);
  return [
    `HomeIQ in ${modeWord(plan.mode)} mode${word === undefined ? '' : ` (${word})`}, folder ${plan.folder}`,
    `${starting} of ${formatCount(plan.services.length, 'service')} start.`,
    ...serviceLines(plan),
    ...memoryLines(plan),
    open.length === 0 ? 'Steps: everything is already as wanted.' : 'Steps:',
    ...plan.steps.map((step, index) => `  ${index + 1}. ${step.title}${step.done ? ' (already done)' : ''}`),
    plan.changedKeys.length === 0
      ? 'Settings: no key of .env changes.'
      : `Settings: ${formatCount(plan.changedKeys.length, 'key')} of .env change: ${plan.changedKeys.join(', ')}`,
    'Nothing was changed.',
  ].map(sanitiseLine);
}
