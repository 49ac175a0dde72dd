/** The last words on the main screen, after the alternate screen is gone: they stay in the terminal's history. */

import type { Ending, WizardState } from '../../app/wizard/wizard-state.ts';
import { modeWord } from './common.ts';
import { journalPath, wentBackText } from './run-end.ts';

/** One string a line, without colours. */
export function farewellLines(ending: Ending, state: WizardState, comeBack: string): readonly string[] {
  const run = state.run?.state;
  const what = run?.plan?.from === undefined ? 'set-up' : 'switch';
  if (ending.kind === 'left-running') {
    return state.level === 'rehearsal'
      ? ['The rehearsal ended with its window. Nothing was changed.']
      : [`The ${what} goes on without this window. Watch it: ${comeBack}`];
  }
  if (ending.kind !== 'quit') return [];
  if (run === undefined || run.status === 'starting')
    return ['homeiq: left before the run, nothing was changed.'];
  const path = journalPath(run);
  const log = path === undefined ? [] : [`Log: ${path}`];
  switch (run.status) {
    case 'done':
      return [
        `HomeIQ runs in ${modeWord(run.plan?.mode ?? state.choices.mode)} mode. Status: ${comeBack}`,
        ...(run.summary?.addresses.map(address => `  ${address.url}  ${address.name}`) ?? []),
      ];
    case 'stopped':
      return [`The ${what} was stopped; finished steps stay. Go on: ${comeBack}`, ...log];
    case 'rolled-back':
      return [`The switch failed. ${wentBackText(run)}. Status: ${comeBack}`, ...log];
    default:
      return [`The ${what} failed; finished steps stay. Try again: ${comeBack}`, ...log];
  }
}
