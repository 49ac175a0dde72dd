/** What may have to be done about a mode's buckets and token, as data. */

import { describeKept, describeRetention, isShorterRetention } from './retention.ts';

/** Why a new token is needed. */
export type TokenCause =
  | 'not-stored'
  | 'unknown'
  | 'inactive'
  | 'lacks-right'
  /** It reaches what it must not, as the probes show. */
  | 'unexpected-access'
  /** The probes show nothing, but no authorization of exactly the wanted rights exists. */
  | 'allows-more'
  /** An interrupted run left another one of which nobody has the value. */
  | 'orphaned'
  /** Buckets are still to be made, and no token is for them. */
  | 'buckets-missing';

export type BucketAction =
  | { readonly kind: 'create-org'; readonly name: string }
  | { readonly kind: 'rename-org'; readonly id: string; readonly from: string; readonly name: string }
  | {
      readonly kind: 'create-bucket';
      readonly name: string;
      readonly retentionSeconds: number;
      readonly shardGroupSeconds: number;
    }
  | { readonly kind: 'rename-bucket'; readonly id: string; readonly from: string; readonly name: string }
  | {
      readonly kind: 'change-retention';
      readonly id: string;
      readonly name: string;
      readonly fromSeconds: number;
      readonly retentionSeconds: number;
      readonly shardGroupSeconds: number;
    }
  /** A new token; the others of ours go once it is stored and works. */
  | { readonly kind: 'create-authorization'; readonly cause: TokenCause; readonly reason: string }
  /** The stored token was switched off, and this is the authorization that must be its. */
  | { readonly kind: 'activate-authorization'; readonly id: string }
  | { readonly kind: 'delete-authorization'; readonly id: string };

/** The buckets whose data would be deleted in part, with what goes. */
export const shortenedBuckets = (
  actions: readonly BucketAction[],
): readonly Extract<BucketAction, { kind: 'change-retention' }>[] =>
  actions.flatMap(action =>
    action.kind === 'change-retention' && isShorterRetention(action.fromSeconds, action.retentionSeconds)
      ? [action]
      : [],
  );

/** What an action would do, without ids. */
export function describeAction(action: BucketAction): string {
  switch (action.kind) {
    case 'create-org':
      return `create organization ${action.name}`;
    case 'rename-org':
      return `give the organization ${action.from} its name ${action.name} back`;
    case 'create-bucket':
      return `create bucket ${action.name}, kept ${describeKept(action.retentionSeconds)}`;
    case 'rename-bucket':
      return `give the bucket ${action.from} its name ${action.name} back`;
    case 'change-retention':
      return `keep ${action.name} ${describeKept(action.retentionSeconds)} instead of ${describeRetention(action.fromSeconds)}`;
    case 'create-authorization':
      return `create a token (${action.reason})`;
    case 'activate-authorization':
      return 'switch the token on again';
    case 'delete-authorization':
      return 'remove a token that an interrupted run left';
  }
}
