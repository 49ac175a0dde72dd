/** From what InfluxDB holds for a mode to what has to be done, as data. */

import { type BucketFacts, type Mode, modeFacts } from '../mode/mode.ts';
import { type AccessFault, describeFault } from './access-matrix.ts';
import {
  allowsExactly,
  authorizationDescription,
  coversBuckets,
  type ObservedAuthorization,
} from './authorization.ts';
import { describeRetention, shardGroupSecondsFor } from './retention.ts';

type ObservedBucket = {
  readonly id: string;
  readonly name: string;
  /** 0: for ever. */
  readonly retentionSeconds: number;
};

export type BucketsObservation = {
  readonly mode: Mode;
  readonly orgId: string | undefined;
  /** Those of the mode's buckets that exist. */
  readonly buckets: readonly ObservedBucket[];
  /** All of the org. */
  readonly authorizations: readonly ObservedAuthorization[];
  /** Undefined: no token is stored. Empty: the stored token does exactly what it must. */
  readonly tokenFaults: readonly AccessFault[] | undefined;
};

export type BucketAction =
  | { readonly kind: 'create-org'; readonly name: string }
  | {
      readonly kind: 'create-bucket';
      readonly name: string;
      readonly retentionSeconds: number;
      readonly shardGroupSeconds: number;
    }
  /** A new token; the others of ours go once it is stored and works. */
  | { readonly kind: 'create-authorization'; readonly reason: string }
  | { readonly kind: 'delete-authorization'; readonly id: string };

export type BucketDecision = {
  /** In order. Empty: everything is as it must be. */
  readonly actions: readonly BucketAction[];
  /** Differences that are kept. */
  readonly notes: readonly string[];
};

type TokenDecision =
  | { readonly kind: 'keep'; readonly remove: readonly ObservedAuthorization[] }
  | { readonly kind: 'replace'; readonly reason: string };

/**
 * A stored token's value cannot be matched with an authorization when tokens are hashed. It is known to be the right
 * one when it passes the probes and only one authorization could give what the probes showed.
 */
function decideToken(observation: BucketsObservation, wantedBuckets: readonly BucketFacts[]): TokenDecision {
  const { buckets, authorizations, tokenFaults } = observation;
  if (tokenFaults === undefined) return { kind: 'replace', reason: 'no token is stored' };
  const bucketIds = buckets.map(({ id }) => id);
  const [fault] = tokenFaults;
  if (buckets.length < wantedBuckets.length) {
    return { kind: 'replace', reason: 'the stored token is not for buckets that are still to be made' };
  }
  if (fault !== undefined)
    return { kind: 'replace', reason: `the stored token is not right: ${describeFault(fault)}` };
  const ours = authorizations.filter(
    ({ description }) => description === authorizationDescription(observation.mode),
  );
  const candidates = ours.filter(
    authorization => authorization.isActive && coversBuckets(authorization, bucketIds),
  );
  const [candidate] = candidates;
  if (candidates.length > 1) {
    return { kind: 'replace', reason: 'an interrupted run left a token of which nobody has the value' };
  }
  if (candidate !== undefined && allowsExactly(candidate, bucketIds)) {
    return { kind: 'keep', remove: ours.filter(authorization => authorization !== candidate) };
  }
  const isAdopted = authorizations.some(
    authorization => authorization.isActive && allowsExactly(authorization, bucketIds),
  );
  return isAdopted
    ? { kind: 'keep', remove: ours }
    : { kind: 'replace', reason: 'the stored token allows more than it must' };
}

/** An existing bucket keeps its retention: shortening it deletes data. The difference is told as a note. */
export function decideBucketActions(observation: BucketsObservation): BucketDecision {
  const facts = modeFacts[observation.mode];
  const missing = facts.buckets.filter(
    ({ name }) => !observation.buckets.some(bucket => bucket.name === name),
  );
  const token = decideToken(observation, facts.buckets);
  const notes = observation.buckets.flatMap(bucket => {
    const wanted = facts.buckets.find(({ name }) => name === bucket.name);
    return wanted === undefined || wanted.retentionSeconds === bucket.retentionSeconds
      ? []
      : [
          `${bucket.name} keeps its data ${asPeriod(bucket.retentionSeconds)}; ` +
            `${observation.mode} mode's own would be ${describeRetention(wanted.retentionSeconds)}. It was left as it is.`,
        ];
  });
  return {
    actions: [
      ...(observation.orgId === undefined ? [{ kind: 'create-org', name: facts.org } as const] : []),
      ...missing.map(
        ({ name, retentionSeconds }) =>
          ({
            kind: 'create-bucket',
            name,
            retentionSeconds,
            shardGroupSeconds: shardGroupSecondsFor(retentionSeconds),
          }) as const,
      ),
      ...(token.kind === 'replace'
        ? [{ kind: 'create-authorization', reason: token.reason } as const]
        : token.remove.map(({ id }) => ({ kind: 'delete-authorization', id }) as const)),
    ],
    notes,
  };
}

const asPeriod = (seconds: number): string =>
  seconds === 0 ? describeRetention(0) : `for ${describeRetention(seconds)}`;

/** What an action would do, without ids. */
export function describeAction(action: BucketAction): string {
  switch (action.kind) {
    case 'create-org':
      return `create organization ${action.name}`;
    case 'create-bucket':
      return `create bucket ${action.name}, kept ${asPeriod(action.retentionSeconds)}`;
    case 'create-authorization':
      return `create a token (${action.reason})`;
    case 'delete-authorization':
      return 'remove a token that an interrupted run left';
  }
}
