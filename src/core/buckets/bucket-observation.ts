/** What InfluxDB holds for a mode, as it was seen. */

import type { Mode } from '../mode/mode.ts';
import type { AccessFault } from './access-matrix.ts';
import type { ObservedAuthorization } from './authorization.ts';

/** A bucket that has the name it must have, or had it and is known by our token. */
export type ObservedBucket = {
  readonly id: string;
  /** The name it has in InfluxDB now. */
  readonly name: string;
  /** The name that the mode has for it. */
  readonly wantedName: string;
  /** 0: for ever. */
  readonly retentionSeconds: number;
};

export type BucketsObservation = {
  readonly mode: Mode;
  /** With the name it has now. Undefined: there is none, neither by its name nor by our token. */
  readonly org: { readonly id: string; readonly name: string } | undefined;
  /** Those of the mode's buckets that exist. */
  readonly buckets: readonly ObservedBucket[];
  /** All of the org. */
  readonly authorizations: readonly ObservedAuthorization[];
  /** Undefined: no token is stored. Empty: the stored token does exactly what it must. */
  readonly tokenFaults: readonly AccessFault[] | undefined;
  /** How long the mode's settings want data to be kept; 0: for ever. */
  readonly retentionSeconds: number;
};
