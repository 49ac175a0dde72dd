/** The faults of a mode, from what would have to be done about it. */

import { type Mode, modeFacts } from '../mode/mode.ts';
import type { BucketAction, TokenCause } from './bucket-action.ts';
import type { BucketsFault, BucketsFaultCode } from './buckets-report.ts';
import type { BucketDecision, RetentionDifference } from './decide-bucket-actions.ts';
import { describeKept, describeRetention, isShorterRetention } from './retention.ts';

const daySeconds = 86_400;

const repair = (mode: Mode): readonly string[] => [`homeiq buckets --mode ${mode} repairs it.`];

const causeCodes: Readonly<Record<Exclude<TokenCause, 'buckets-missing'>, BucketsFaultCode>> = {
  'not-stored': 'token-not-stored',
  unknown: 'token-unknown',
  inactive: 'token-inactive',
  'lacks-right': 'token-lacks-right',
  'unexpected-access': 'token-unexpected-access',
  'allows-more': 'token-allows-more',
  orphaned: 'token-orphaned',
};

function faultOfAction(mode: Mode, action: BucketAction): BucketsFault | undefined {
  const fault = (code: BucketsFaultCode, message: string): BucketsFault => ({
    code,
    mode,
    message,
    nextSteps: repair(mode),
  });
  switch (action.kind) {
    case 'create-org':
      return fault('org-missing', `The organization ${action.name} does not exist.`);
    case 'rename-org':
      return fault('org-renamed', `The organization ${action.name} is called ${action.from} now.`);
    case 'create-bucket':
      return fault('bucket-missing', `The bucket ${action.name} does not exist.`);
    case 'rename-bucket':
      return fault('bucket-renamed', `The bucket ${action.name} is called ${action.from} now.`);
    case 'create-authorization':
      return action.cause === 'buckets-missing'
        ? undefined
        : fault(causeCodes[action.cause], `The token of ${mode} mode: ${action.reason}.`);
    case 'activate-authorization':
      return fault('token-inactive', `The token of ${mode} mode was switched off in InfluxDB.`);
    case 'delete-authorization':
      return fault('token-orphaned', `An interrupted run left a token for ${modeFacts[mode].org}.`);
    case 'change-retention':
      return undefined;
  }
}

/** Neither is right or wrong by itself: somebody has to decide. */
function faultOfDifference(
  mode: Mode,
  { bucket, seconds, wantedSeconds }: RetentionDifference,
): BucketsFault {
  const daysOf = (value: number): number | undefined =>
    value % daySeconds === 0 ? value / daySeconds : undefined;
  const command = (days: number): string => `homeiq buckets --mode ${mode} --retention-days ${days}`;
  const [kept, wanted] = [daysOf(seconds), daysOf(wantedSeconds)];
  const consent = isShorterRetention(seconds, wantedSeconds) ? ` --delete-data ${bucket}` : '';
  return {
    code: 'retention-differs',
    mode,
    message: `${bucket} keeps its data ${describeKept(seconds)}; the settings say ${describeRetention(wantedSeconds)}.`,
    nextSteps: [
      ...(kept === undefined ? [] : [`To take it as it is: ${command(kept)}`]),
      ...(wanted === undefined ? [] : [`To change it: ${command(wanted)}${consent}`]),
    ],
  };
}

export function findModeFaults(
  mode: Mode,
  { actions, differences }: BucketDecision,
): readonly BucketsFault[] {
  return [
    ...actions.map(action => faultOfAction(mode, action)).filter(fault => fault !== undefined),
    ...differences.map(difference => faultOfDifference(mode, difference)),
  ];
}
