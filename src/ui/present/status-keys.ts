/** The keys of the status screen. The footer, the help and the handling of keys are all made from this table. */

import type { StatusView } from '../../app/monitor/status-view.ts';
import { bind, type KeyBinding } from './key-hints.ts';
import { logKeys } from './log-keys.ts';
import { help, type StatusCommand } from './status-commands.ts';

type Binding = KeyBinding<StatusCommand>;

const quit = bind('quit', ['q', 'ctrl-c'], 'quit', 'Leave; everything goes on running', 'q');
const moving: readonly Binding[] = [
  bind('up', ['up', 'k'], undefined, 'One row up'),
  bind('down', ['down', 'j'], undefined, 'One row down'),
  bind('first', ['home'], undefined, 'First row'),
  bind('last', ['end'], undefined, 'Last row'),
];

const questionKeys = (answerCount: number): readonly Binding[] => [
  bind('answer', ['enter'], 'do it', 'Do what is chosen'),
  bind(
    'select-answer',
    Array.from({ length: answerCount }, (_, index) => String(index + 1)),
    'choose',
    'Choose by number',
    answerCount === 1 ? '1' : `1-${answerCount}`,
  ),
  bind('cancel', ['escape', 'q'], 'back', 'Leave it as it is'),
  ...moving.slice(0, 2),
  help,
];

const filterKeys: readonly Binding[] = [
  bind('keep-filter', ['enter'], 'keep', 'Keep what was found'),
  bind('clear-filter', ['escape'], 'all', 'Show everything again'),
  bind('up', ['up'], undefined, 'One row up'),
  bind('down', ['down'], undefined, 'One row down'),
  bind('quit', ['ctrl-c'], undefined, 'Leave; everything goes on running'),
];

/** While the doctor has the whole screen. */
const doctorKeys: readonly Binding[] = [
  bind('doctor', ['d'], 'look again', 'Have the doctor look once more'),
  bind('cancel', ['escape', 'q'], 'back', 'Back to the services'),
  bind('up', ['up', 'k'], undefined, 'One line up'),
  bind('down', ['down', 'j'], undefined, 'One line down'),
  bind('page-up', ['page-up', 'b'], undefined, 'Ten lines up'),
  bind('page-down', ['page-down', 'f'], undefined, 'Ten lines down'),
  bind('quit', ['ctrl-c'], undefined, 'Leave; everything goes on running'),
  help,
];

/** What changes something: where one may only look, these keys do nothing and are not shown. */
const changingKeys: readonly Binding[] = [
  bind('mark', ['space'], undefined, 'Mark it, or all of a group: actions are for all that is marked'),
  bind('restart', ['r'], undefined, 'Restart what is marked or selected; asks first'),
  bind('stop', ['x'], undefined, 'Stop what is marked or selected; asks first'),
  bind('start', ['u'], undefined, 'Start what is marked or selected; asks first'),
  bind('recreate', ['c'], undefined, 'Make it anew from its settings and image; asks first'),
  bind('shell', ['!'], undefined, 'A shell in the container of what is selected'),
];

/** The keys that act now, those for the footer in the order of their weight. */
export function statusKeys(view: StatusView): readonly Binding[] {
  if (view.question !== undefined) return questionKeys(view.question.answers.length);
  if (view.pane === 'log' && view.log.isFull) return logKeys(view);
  if (view.isFiltering) return filterKeys;
  if (view.pane === 'doctor') return doctorKeys;
  const { isReadOnly, marked } = view;
  const hasBack = view.pane !== 'none' || view.filter.text !== '' || marked.length > 0;
  return [
    bind(
      'toggle-log',
      ['l'],
      view.pane === 'log' ? 'full' : 'log',
      'The log of what is selected; again: on the whole screen; again: closed',
    ),
    ...(isReadOnly
      ? []
      : [bind('actions', ['a'], 'actions', 'What can be done with what is marked or selected; asks first')]),
    bind('filter', ['/'], 'find', 'Show only what has this text in its name, group or state'),
    ...(isReadOnly
      ? []
      : [bind('switch-mode', ['m'], 'mode', 'Change to the other mode; shows first what it would do')]),
    bind('sort', ['s'], 'sort', 'Sort by group, state, memory, CPU or name'),
    bind('toggle-events', ['e'], 'events', 'Show or hide what happened'),
    ...(hasBack
      ? [bind('cancel', ['escape'], 'back', 'Close what is open, then the marks, then the filter')]
      : []),
    quit,
    bind('doctor', ['d'], 'doctor', 'Look at everything at once, with what mends what is found'),
    bind('toggle-box', ['b'], 'box', 'The machine: memory, swap, disks; again: the data; again: closed'),
    bind('toggle', ['enter'], undefined, 'Details of the service; open or close the group'),
    bind('open', ['right'], undefined, 'Open the group'),
    bind('close', ['left'], undefined, 'Close the group'),
    bind('log-of-all', ['L'], undefined, 'The log of all services in one'),
    bind('cpu-base', ['%'], undefined, 'CPU as a share of one core, or of the whole machine again'),
    bind('fold-all', ['g'], undefined, 'Close all groups, or open them again'),
    ...(isReadOnly ? [] : changingKeys),
    bind('pager', ['p'], undefined, 'The log of what is selected in your pager ($PAGER, else less)'),
    ...moving,
    bind(
      'page-up',
      ['page-up', 'ctrl-b'],
      undefined,
      'Ten up; in an open log or in the events, back in time',
    ),
    bind('page-down', ['page-down', 'ctrl-f'], undefined, 'Ten down; in an open log, towards the newest'),
    help,
  ];
}
