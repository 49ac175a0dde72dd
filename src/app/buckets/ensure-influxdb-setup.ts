/** A bare InfluxDB becomes ours over HTTP; one that is set up already must know our operator token. */

import { findSetupProblems } from '../../core/buckets/setup-request.ts';
import { BugError, ExternalError } from '../../core/error.ts';
import { isConflict, requireOperator } from './operator-call.ts';
import { type WaitRequest, waitForInfluxdb } from './wait-for-influxdb.ts';

export type InfluxdbSetupRequest = WaitRequest & {
  /** Already stored by the caller: a server set up with lost credentials would be lost too. */
  readonly credentials: { readonly username: string; readonly password: string; readonly token: string };
  readonly org: string;
  readonly bucket: string;
  /** 0: for ever. */
  readonly retentionSeconds: number;
};

export type InfluxdbSetupResult = {
  readonly changed: boolean;
  readonly version: string;
  readonly summary: string;
};

/** No answer came, so the set-up may have been done all the same. */
const isUnanswered = (thrown: unknown): boolean =>
  thrown instanceof ExternalError && thrown.status === undefined && thrown.code !== 'unexpected answer';

/**
 * Waits for the server with the reason shown, sets it up when nobody has, and verifies that the operator token is
 * known there. Throws a UserError (refused) for another version or program, an ExternalError that tells the kinds of
 * refusal apart, or one that says that the server did not come up.
 */
export async function ensureInfluxdbSetup(request: InfluxdbSetupRequest): Promise<InfluxdbSetupResult> {
  const { influx, credentials, org, bucket, retentionSeconds, onDetail, signal } = request;
  const { version, isSetupAllowed } = await waitForInfluxdb(request);
  let failure: unknown;
  if (isSetupAllowed) {
    const setup = { ...credentials, org, bucket, retentionSeconds };
    const problems = findSetupProblems(setup);
    if (problems.length > 0) throw new BugError(`InfluxDB cannot be set up like this: ${problems.join(' ')}`);
    try {
      await influx.setup(setup, signal);
      onDetail(`set up InfluxDB ${version}: organization ${org}, bucket ${bucket}`);
    } catch (thrown) {
      // Somebody was quicker, or the answer was lost on the way: the server itself says which.
      if (!isConflict(thrown) && !isUnanswered(thrown)) throw thrown;
      failure = thrown;
      const again = await waitForInfluxdb(request);
      if (again.isSetupAllowed) throw thrown;
    }
  }
  await requireOperator(influx, credentials.token, signal);
  return {
    changed: isSetupAllowed && !isConflict(failure),
    version,
    summary: isSetupAllowed ? `InfluxDB ${version} set up` : `InfluxDB ${version}, operator token accepted`,
  };
}
