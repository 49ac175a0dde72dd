/** The keys of the screen of the run: while it is under way, after its end, and after a switch that failed. */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import { blockingService, modeToGoBackTo } from '../../core/run/blocking-service.ts';
import { blockingStep, isRunOver } from '../../core/run/reduce-run.ts';
import { modeWord } from './common.ts';
import { bind } from './key-hints.ts';
import { type Binding, enter, scrolling } from './wizard-commands.ts';

/** What the key shows next. */
function logLabel(run: WizardState['run']): string {
  if (run === undefined) return 'log';
  if (run.showLog) return 'steps';
  if (run.serviceLog !== undefined) return 'what was said';
  return blockingService(run.state) === undefined ? 'log' : 'its log';
}

/** Those for the footer in the order of their weight. */
export function runKeys(state: WizardState): readonly Binding[] {
  const { run } = state;
  const log = bind('toggle-log', ['l'], logLabel(run), 'The log of what failed, what was said, or the steps');
  if (run?.kind === 'not-started') {
    return [
      enter('try again', 'Look again and start'),
      bind('back', ['escape'], 'review', 'Back to the review'),
      bind('quit', ['q'], 'quit', 'Leave; nothing has been changed'),
      ...scrolling,
    ];
  }
  if (run === undefined || !isRunOver(run.state)) {
    return [
      log,
      bind('interrupt', ['ctrl-c', 'q'], 'stop or leave', 'Leave it running, or stop it', 'ctrl-c'),
      ...scrolling,
    ];
  }
  const leave = bind('quit', ['q'], 'quit', 'Leave');
  const isDeletable = blockingStep(run.state)?.error?.deletesData !== undefined;
  if (run.state.status === 'done' || run.state.status === 'rolled-back')
    return [enter('status', 'The live status screen'), log, leave, ...scrolling];
  const left = modeToGoBackTo(run.state);
  return [
    left === undefined
      ? enter('try again', 'Go on from what is done')
      : bind('continue', ['enter', 'r'], 'keep trying', 'Go on from what is done'),
    ...(left === undefined
      ? []
      : [
          bind(
            'switch-back',
            ['b'],
            `back to ${modeWord(left)}`,
            `Stop this mode and start ${modeWord(left)} again`,
          ),
        ]),
    ...(isDeletable
      ? [bind('delete-data', ['d'], 'start afresh', 'Delete what is in the way, after a question')]
      : []),
    log,
    bind('back', ['escape'], 'review', 'Back to the review'),
    leave,
    ...scrolling,
  ];
}
