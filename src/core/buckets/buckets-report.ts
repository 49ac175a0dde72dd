/** What `homeiq buckets` has to say: how InfluxDB stands for each mode, and every fault by a name of its own. */

import type { Mode } from '../mode/mode.ts';
import type { Probe } from './access-matrix.ts';

/** Names that scripts may rely on. */
export type BucketsFaultCode =
  // What answers, or does not.
  | 'not-ready'
  | 'influxdb-1'
  | 'influxdb-3'
  | 'influxdb-cloud'
  | 'other-program'
  | 'unexpected-answer'
  | 'not-set-up'
  // The operator token.
  | 'operator-token-missing'
  | 'operator-token-unknown'
  | 'operator-token-inactive'
  | 'operator-token-limited'
  // What a mode has.
  | 'org-missing'
  | 'org-renamed'
  | 'bucket-missing'
  | 'bucket-renamed'
  | 'retention-differs'
  | 'retention-invalid'
  // A mode's token.
  | 'token-not-stored'
  | 'token-stored-differently'
  | 'token-unknown'
  | 'token-inactive'
  | 'token-lacks-right'
  | 'token-allows-more'
  | 'token-unexpected-access'
  | 'token-orphaned'
  | 'token-outdated-in-service';

export type BucketsFault = {
  readonly code: BucketsFaultCode;
  /** Undefined: of the server. */
  readonly mode?: Mode;
  /** Without secrets and ids. */
  readonly message: string;
  readonly nextSteps: readonly string[];
};

export type BucketReport = {
  readonly name: string;
  readonly exists: boolean;
  /** 0: for ever. Undefined: it does not exist. */
  readonly retentionSeconds: number | undefined;
  readonly wantedRetentionSeconds: number;
};

export type ModeReport = {
  readonly mode: Mode;
  readonly org: string;
  readonly hasOrg: boolean;
  readonly buckets: readonly BucketReport[];
  /** The stored token works, and only where it must. */
  readonly isTokenRight: boolean;
  /** Every probe of this mode's token; none when there is no token that InfluxDB knows. */
  readonly probes: readonly Probe[];
};

export type BucketsReport = {
  readonly url: string;
  /** Undefined when no InfluxDB 2 answers. */
  readonly version: string | undefined;
  /** Those that were looked at, and none when that was not possible. */
  readonly modes: readonly ModeReport[];
  /** Empty: all is right. */
  readonly faults: readonly BucketsFault[];
};

/** What a token limited to buckets does not keep apart. Seen on InfluxDB 2.9.1. */
export const isolationLimit =
  'A token keeps the modes apart by bucket name. InfluxDB lets any valid token read a bucket whose id it knows: ' +
  'no service is told an id, and where that is not enough, each mode needs an InfluxDB of its own.';
