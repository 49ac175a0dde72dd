/** From what InfluxDB holds for a mode to what has to be done, as data. */

import { modeFacts } from '../mode/mode.ts';
import type { BucketAction } from './bucket-action.ts';
import type { BucketsObservation } from './bucket-observation.ts';
import { describeKept, describeRetention, shardGroupSecondsFor } from './retention.ts';
import { decideToken } from './token-decision.ts';

/** A bucket that keeps its data for another time than the settings say. It is left so unless the change is asked for. */
export type RetentionDifference = {
  readonly bucket: string;
  readonly seconds: number;
  readonly wantedSeconds: number;
};

export type BucketDecision = {
  /** In order. Empty: everything is as it must be. */
  readonly actions: readonly BucketAction[];
  readonly differences: readonly RetentionDifference[];
};

/** What was asked for beyond making everything right. */
export type BucketWishes = {
  /** Give every bucket the retention of the settings. */
  readonly changeRetention: boolean;
};

const differencesOf = ({ buckets, retentionSeconds }: BucketsObservation): readonly RetentionDifference[] =>
  buckets
    .filter(bucket => bucket.retentionSeconds !== retentionSeconds)
    .map(bucket => ({
      bucket: bucket.wantedName,
      seconds: bucket.retentionSeconds,
      wantedSeconds: retentionSeconds,
    }));

/** An existing bucket keeps its retention unless a change is wished: shortening it deletes data. */
export function decideBucketActions(
  observation: BucketsObservation,
  wishes: BucketWishes = { changeRetention: false },
): BucketDecision {
  const { mode, org, buckets, retentionSeconds } = observation;
  const facts = modeFacts[mode];
  const missing = facts.buckets.filter(({ name }) => !buckets.some(({ wantedName }) => wantedName === name));
  const shardGroupSeconds = shardGroupSecondsFor(retentionSeconds);
  const differences = differencesOf(observation);
  const token = decideToken(observation, missing.length === 0);
  const changed = wishes.changeRetention
    ? buckets.filter(bucket => bucket.retentionSeconds !== retentionSeconds)
    : [];
  return {
    actions: [
      ...(org === undefined ? [{ kind: 'create-org', name: facts.org } as const] : []),
      ...(org !== undefined && org.name !== facts.org
        ? [{ kind: 'rename-org', id: org.id, from: org.name, name: facts.org } as const]
        : []),
      ...buckets
        .filter(({ name, wantedName }) => name !== wantedName)
        .map(
          ({ id, name, wantedName }) =>
            ({ kind: 'rename-bucket', id, from: name, name: wantedName }) as const,
        ),
      ...missing.map(
        ({ name }) => ({ kind: 'create-bucket', name, retentionSeconds, shardGroupSeconds }) as const,
      ),
      ...changed.map(
        ({ id, wantedName, retentionSeconds: fromSeconds }) =>
          ({
            kind: 'change-retention',
            id,
            name: wantedName,
            fromSeconds,
            retentionSeconds,
            shardGroupSeconds,
          }) as const,
      ),
      ...token,
    ],
    differences: wishes.changeRetention ? [] : differences,
  };
}

export const describeDifference = ({ bucket, seconds, wantedSeconds }: RetentionDifference): string =>
  `${bucket} keeps its data ${describeKept(seconds)}; the settings say ${describeRetention(wantedSeconds)}. It was left as it is.`;
