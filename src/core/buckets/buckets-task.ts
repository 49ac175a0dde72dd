/** What a run of `homeiq buckets` is asked for. It carries no secret. */

import type { Mode } from '../mode/mode.ts';
import type { RecoveryMethod } from './recovery.ts';

export type BucketsTask = {
  /** Whose org, buckets and token are made right. */
  readonly modes: readonly Mode[];
  /** Change the retention of every bucket of the modes to this; 0 is for ever. */
  readonly retentionDays?: number;
  readonly recover?: RecoveryMethod;
};
