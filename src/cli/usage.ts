/** The text of `homeiq --help`, made from the argument table. */

import { optionTable } from './option-table.ts';

const commandHelp: readonly (readonly [string, string])[] = [
  ['homeiq', 'the wizard; the status screen once something is set up; the running set-up while there is one'],
  ['homeiq plan --mode M', 'what a set-up would do; works without Docker'],
  ['homeiq setup --mode M --yes', 'set up without questions'],
  ['homeiq switch MODE', 'stop the active mode and start the other; shared services and all data stay'],
  ['homeiq status', 'is it healthy? exit code 0 when it is, 1 when not; --watch goes on, a line a change'],
  ['homeiq logs [SERVICE…]', 'what services wrote, of one or all in the order of time'],
  ['homeiq buckets', 'organizations, buckets and tokens of both modes in InfluxDB: made, mended and proved'],
  ['homeiq start', 'start the recorded mode again, after a stop or a reboot'],
  ['homeiq stop', 'stop the services of this deployment; data stays unless --delete-data names a volume'],
  ['homeiq history', 'what was done here: runs with their outcome and duration'],
  ['homeiq attach [RUN]', 'watch the active run; exit code 4 when there is none'],
  ['homeiq env diff', 'what a set-up would change in .env; exit code 1 when something would'],
  ['homeiq env check', 'is .env sound, and can nobody else read it? exit code 1 when not'],
  ['homeiq env undo', 'put the settings back that were replaced last'],
  ['homeiq env import FILE', 'take over the settings of a HomeIQ .env'],
  [
    'homeiq memory',
    'expected and measured memory; --use measured lets later estimates count with the measured',
  ],
  ['homeiq sample', 'measure the memory of what runs once, for a timer; the status screen does it by itself'],
  [
    'homeiq doctor',
    'all looks at once, each finding with what mends it; exit code 1 when there is a problem',
  ],
  ['homeiq audit', 'does the stack keep the modes apart? exit code 1 when not; asked before every start'],
  [
    'homeiq verify',
    'does what runs keep them apart? a report to attach; exit code 1 when not; changes nothing',
  ],
];

const exitCodeHelp: readonly (readonly [string, string])[] = [
  ['0', 'done, or healthy'],
  ['1', 'failed, or not healthy; a switch that went back ends with 1, whatever made it'],
  ['2', 'the command line is wrong'],
  ['3', 'refused: unsafe, or it does not fit'],
  ['4', 'nothing to attach to'],
  ['130', 'interrupted'],
];

const rows = (pairs: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};

export function usage(): string {
  const options = Object.entries(optionTable).map(
    ([name, facts]) => [`--${name}${'value' in facts ? ` ${facts.value}` : ''}`, facts.help] as const,
  );
  return [
    'HomeIQ set-up: from a bare machine to a running, watched deployment.',
    '',
    ...rows(commandHelp),
    '',
    'Options',
    ...rows(options),
    '',
    'The deployment folder is --dir, else HOMEIQ_DIR, else the nearest parent with .homeiq/,',
    'else the current folder if it is empty, else ~/homeiq.',
    '',
    'Exit codes',
    ...rows(exitCodeHelp),
    '',
  ].join('\n');
}
