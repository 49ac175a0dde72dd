/** Looks at what InfluxDB holds for a mode, and what the stored token may do. Changes nothing. */

import { type AccessFault, judgeAccess, probeTargets } from '../../core/buckets/access-matrix.ts';
import type { BucketsObservation } from '../../core/buckets/bucket-actions.ts';
import { type Mode, modeFacts, otherMode } from '../../core/mode/mode.ts';
import type { Influx, InfluxBucket } from '../../ports/influxdb.ts';
import { withOperatorAdvice } from './operator-call.ts';

export type BucketsRequest = {
  readonly influx: Influx;
  readonly operatorToken: string;
  readonly mode: Mode;
  /** The value in this mode's settings; undefined when there is none. */
  readonly storedToken: string | undefined;
  readonly signal?: AbortSignal;
};

export type BucketsSight = BucketsObservation & {
  readonly buckets: readonly InfluxBucket[];
  /** Names of the other mode's buckets that exist. */
  readonly otherBuckets: readonly string[];
};

/** The mode's buckets that exist in the org, in the order of its facts. */
async function findBuckets(
  request: BucketsRequest,
  mode: Mode,
  orgId: string,
): Promise<readonly InfluxBucket[]> {
  const found: InfluxBucket[] = [];
  for (const { name } of modeFacts[mode].buckets) {
    const bucket = await request.influx.findBucket(request.operatorToken, orgId, name, request.signal);
    if (bucket !== undefined) found.push(bucket);
  }
  return found;
}

/** Tries `token` on every bucket that matters, by name, without writing a point. */
export async function probeToken(
  { influx, mode, signal }: Pick<BucketsRequest, 'influx' | 'mode' | 'signal'>,
  token: string,
  otherBuckets: readonly string[],
): Promise<readonly AccessFault[]> {
  const probes = [];
  for (const target of probeTargets(mode, otherBuckets)) {
    const access = await influx.probeAccess(token, target.org, target.bucket, signal);
    if (!access.isTokenKnown) return judgeAccess([{ target, access }]);
    probes.push({ target, access });
  }
  return judgeAccess(probes);
}

/** Throws an ExternalError; with advice when the operator token is refused. */
export async function observeBuckets(request: BucketsRequest): Promise<BucketsSight> {
  const { influx, operatorToken, mode, storedToken, signal } = request;
  const facts = modeFacts[mode];
  const other = otherMode(mode);
  const sight = await withOperatorAdvice({ url: influx.url, org: facts.org }, async () => {
    const org = await influx.findOrg(operatorToken, facts.org, signal);
    const otherOrg = await influx.findOrg(operatorToken, modeFacts[other].org, signal);
    return {
      mode,
      orgId: org?.id,
      buckets: org === undefined ? [] : await findBuckets(request, mode, org.id),
      authorizations: org === undefined ? [] : await influx.listAuthorizations(operatorToken, org.id, signal),
      otherBuckets:
        otherOrg === undefined
          ? []
          : (await findBuckets(request, other, otherOrg.id)).map(({ name }) => name),
    };
  });
  const isProbed = storedToken !== undefined && sight.orgId !== undefined;
  return {
    ...sight,
    tokenFaults: isProbed ? await probeToken(request, storedToken, sight.otherBuckets) : undefined,
  };
}
