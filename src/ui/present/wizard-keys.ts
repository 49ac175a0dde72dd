/** The keys of the wizard. The footer, the help and the handling of keys are all made from these tables. */

import type { WizardState } from '../../app/wizard/wizard-state.ts';
import { correctedAddress } from '../../core/home-assistant/finding.ts';
import { bind } from './key-hints.ts';
import { type Binding, enter, scrollDown, scrolling } from './wizard-commands.ts';
import { hasDetails } from './wizard-machine.ts';
import { runKeys } from './wizard-run-keys.ts';

const back = bind('back', ['escape'], 'back', 'Go back one step');
const backToStatus = bind('back', ['escape'], 'status', 'Back to the status; nothing is changed');
const quit = bind('quit', ['q'], 'quit', 'Leave; nothing has been changed');
const interrupt = bind('interrupt', ['ctrl-c'], undefined, 'Leave from any screen');
const help = bind('help', ['?'], 'keys', 'Show or hide all keys');
const numbers = bind(
  'select',
  ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  undefined,
  'Choose by number',
  '1-9',
);
const numberRange = (count: number): string => (count === 1 ? '1' : `1-${Math.min(9, count)}`);
const always: readonly Binding[] = [interrupt, help];

/** Enter before there is an answer is kept: the wizard goes on when the answer is there and is good. */
const enterAhead = bind('continue', ['enter'], undefined, 'Go on as soon as the check is done');

function machineKeys(state: WizardState): readonly Binding[] {
  const { machine } = state;
  if (machine.kind === 'checking') return [enterAhead, quit];
  const canContinue = machine.kind === 'checked' && machine.report.canContinue;
  const canRehearse = machine.kind === 'checked' && machine.report.shouldOfferRehearsal;
  return [
    ...(canContinue ? [enter('continue', 'Go on to the modes')] : []),
    ...(canRehearse ? [bind('rehearse', ['t'], 'try without Docker', 'Start the rehearsal')] : []),
    ...(machine.kind === 'checked' && hasDetails(machine.report)
      ? [bind('toggle-details', ['d'], 'details', 'What to do about each note')]
      : []),
    bind('check-again', ['r'], 'check again', 'Look at the machine again'),
    quit,
    ...scrolling,
  ];
}

const modeKeys: readonly Binding[] = [
  enter('continue', 'Take the chosen mode'),
  { ...numbers, keys: ['1', '2'], label: 'choose', display: '1 2' },
  back,
  quit,
  ...scrolling,
];

function memoryKeys(state: WizardState): readonly Binding[] {
  if (state.draft.error !== undefined)
    return [bind('check-again', ['r'], 'try again', 'Make the plan again'), back, quit];
  return [
    enter('continue', 'Go on with these services'),
    bind('open', ['right', 'l'], 'open', 'Show the services of the group'),
    bind('close', ['left', 'h'], undefined, 'Hide the services of the group'),
    bind('toggle-left-out', ['space'], 'leave out', 'Leave the service or group out, or take it back in'),
    state.isSwitch ? backToStatus : back,
    quit,
    ...scrolling,
    numbers,
  ];
}

/** Takes the address that was found instead of the given one. */
function correctionKeys({ homeAssistant: { finding, isChecking } }: WizardState): readonly Binding[] {
  if (isChecking || finding === undefined || correctedAddress(finding) === undefined) return [];
  return [bind('take-correction', ['ctrl-t'], 'take it', 'Take the address that was found instead')];
}

function settingsKeys(state: WizardState): readonly Binding[] {
  const correction = correctionKeys(state);
  const { editing, isSearching } = state.settings;
  if (isSearching) {
    return [
      enter('keep', 'Keep what was found'),
      bind('back', ['escape'], 'all', 'Show all settings again'),
      ...scrolling
        .filter(binding => binding.command === 'up' || binding.command === 'down')
        .map(withoutLetters),
      interrupt,
    ];
  }
  if (editing?.choice !== undefined) {
    return [
      enter('take', 'Take the chosen value'),
      { ...numbers, label: 'choose', display: numberRange(editing.options.length) },
      bind('back', ['escape'], 'cancel', 'Leave the value as it was'),
      bind('reveal', ['ctrl-r'], undefined, 'Show or hide the secret'),
      ...scrolling,
      ...always,
    ];
  }
  if (editing?.suggestion !== undefined) {
    return [
      enter('take it', 'Take what was probably meant'),
      bind('keep-typed', ['ctrl-k'], 'keep mine', 'Take the value as it was typed'),
      bind('back', ['escape'], 'cancel', 'Leave the value as it was'),
      interrupt,
    ];
  }
  if (editing !== undefined) {
    return [
      enter('done', 'Take the value'),
      bind('edit-next', ['tab', 'down'], 'next', 'Take the value, go to the next field', 'tab'),
      bind('edit-previous', ['shift-tab', 'up'], undefined, 'Take the value, go to the field before'),
      bind('reveal', ['ctrl-r'], 'reveal', 'Show or hide the secret'),
      bind('back', ['escape'], 'cancel', 'Leave the value as it was'),
      ...correction,
      interrupt,
    ];
  }
  return [
    enter('continue', 'Go on to the review'),
    ...correction,
    bind('edit', ['e', 'space'], 'edit', 'Change the selected value'),
    bind(
      'toggle-advanced',
      ['a'],
      state.settings.showAdvanced ? 'fewer' : 'all settings',
      'Show or hide the other settings',
    ),
    bind('search', ['/'], 'search', 'Look for a setting by name or text'),
    back,
    bind('reveal', ['ctrl-r'], undefined, 'Show or hide the selected secret'),
    bind('use-default', ['x'], undefined, 'Forget what you gave for the selected setting'),
    bind('down', ['down', 'j', 'tab'], undefined, 'Next setting'),
    bind('up', ['up', 'k', 'shift-tab'], undefined, 'Setting before'),
    ...scrolling.filter(binding => binding.command.startsWith('page')),
    quit,
  ];
}

/** In a text field letters are text. */
const withoutLetters = (binding: Binding): Binding => ({
  ...binding,
  keys: binding.keys.filter(key => key.length > 1),
});

function reviewKeys(state: WizardState): readonly Binding[] {
  const backwards = state.isSwitch ? backToStatus : back;
  if (state.draft.error !== undefined)
    return [bind('check-again', ['r'], 'try again', 'Make the plan again'), backwards, quit];
  const panels = [
    bind('toggle-env', ['v'], '.env', 'What changes in .env'),
    bind('toggle-commands', ['c'], 'commands', 'The commands that do the same by hand'),
  ];
  if (state.panel !== undefined) {
    return [
      bind('back', ['escape', 'enter'], 'close', 'Back to the review'),
      { ...scrollDown, label: 'scroll' },
      ...panels,
      quit,
      ...scrolling,
    ];
  }
  return [
    ...(state.draft.isPending ? [] : [enter('do it', 'Start the run')]),
    ...panels,
    backwards,
    ...(state.isSwitch && !state.draft.isPending
      ? [bind('change-settings', ['s'], 'settings', 'Look at the settings of this mode first')]
      : []),
    quit,
    ...scrolling,
  ];
}

/** The keys that act now, those for the footer in the order of their weight. */
export function wizardKeys(state: WizardState): readonly Binding[] {
  if (state.dialog !== undefined) {
    return [
      enter('ok', 'Give the chosen answer'),
      { ...numbers, label: 'choose', display: numberRange(state.dialog.answers.length) },
      bind('back', ['escape'], 'back', 'Leave the question'),
      ...scrolling,
      ...always,
    ];
  }
  switch (state.step) {
    case 'machine':
      return [...machineKeys(state), ...always];
    case 'mode':
      return [...modeKeys, ...always];
    case 'memory':
      return [...memoryKeys(state), ...always];
    case 'settings': {
      const isTyping = state.settings.isSearching || state.settings.editing !== undefined;
      return isTyping ? settingsKeys(state) : [...settingsKeys(state), ...always];
    }
    case 'review':
      return [...reviewKeys(state), ...always];
    case 'run':
      return [...runKeys(state), ...always];
  }
}

/** A text field has the keyboard. */
export const isWizardTyping = (state: WizardState): boolean =>
  state.step === 'settings' &&
  state.dialog === undefined &&
  (state.settings.isSearching ||
    (state.settings.editing !== undefined && state.settings.editing.choice === undefined));

/** A text can be pasted: into the search, an open field, or the selected setting. */
export const takesText = (state: WizardState): boolean =>
  state.step === 'settings' && state.dialog === undefined;
