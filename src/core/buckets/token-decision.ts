/** What to do about a mode's token: nothing, switch it on again, or make a new one. */

import { type AccessFault, describeFaults } from './access-matrix.ts';
import {
  allowsExactly,
  authorizationDescription,
  coversBuckets,
  type ObservedAuthorization,
} from './authorization.ts';
import type { BucketAction, TokenCause } from './bucket-action.ts';
import type { BucketsObservation } from './bucket-observation.ts';

function causeOf(faults: readonly AccessFault[]): TokenCause {
  if (faults.some(({ kind }) => kind === 'unexpected')) return 'unexpected-access';
  switch (faults[0]?.kind) {
    case 'unknown-token':
      return 'unknown';
    case 'inactive-token':
      return 'inactive';
    default:
      return 'lacks-right';
  }
}

const replace = (cause: TokenCause, reason: string): readonly BucketAction[] => [
  { kind: 'create-authorization', cause, reason },
];

const remove = (authorizations: readonly ObservedAuthorization[]): readonly BucketAction[] =>
  authorizations.map(({ id }) => ({ kind: 'delete-authorization', id }));

/**
 * A stored token's value cannot be matched with an authorization when tokens are hashed. It is known to be the right
 * one when it passes the probes and only one authorization could give what the probes showed.
 */
export function decideToken(
  observation: BucketsObservation,
  hasAllBuckets: boolean,
): readonly BucketAction[] {
  const { buckets, authorizations, tokenFaults } = observation;
  if (tokenFaults === undefined) return replace('not-stored', 'no token is stored');
  if (!hasAllBuckets) {
    return replace('buckets-missing', 'the stored token is not for buckets that are still to be made');
  }
  const bucketIds = buckets.map(({ id }) => id);
  const ours = authorizations.filter(
    ({ description }) => description === authorizationDescription(observation.mode),
  );
  if (tokenFaults.length > 0) {
    const cause = causeOf(tokenFaults);
    const [single, ...others] = ours;
    if (cause === 'inactive' && single !== undefined && others.length === 0) {
      if (!single.isActive && allowsExactly(single, bucketIds)) {
        return [{ kind: 'activate-authorization', id: single.id }];
      }
    }
    return replace(cause, `the stored token is not right: ${describeFaults(tokenFaults)}`);
  }
  const candidates = ours.filter(
    authorization => authorization.isActive && coversBuckets(authorization, bucketIds),
  );
  const [candidate] = candidates;
  if (candidates.length > 1) {
    return replace('orphaned', 'an interrupted run left a token of which nobody has the value');
  }
  if (candidate !== undefined && allowsExactly(candidate, bucketIds)) {
    return remove(ours.filter(authorization => authorization !== candidate));
  }
  const isAdopted = authorizations.some(
    authorization => authorization.isActive && allowsExactly(authorization, bucketIds),
  );
  return isAdopted ? remove(ours) : replace('allows-more', 'the stored token allows more than it must');
}
