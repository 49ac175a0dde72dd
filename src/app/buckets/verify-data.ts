/** Proves that a mode's token writes into its bucket and reads from it: one point there and back. */

import { checkMeasurement } from '../../core/buckets/check-measurement.ts';
import { fluxText } from '../../core/buckets/flux-text.ts';
import { ExternalError } from '../../core/error.ts';
import type { Clock } from '../../ports/host.ts';
import type { Influx } from '../../ports/influxdb.ts';

export type VerifyDataRequest = {
  readonly influx: Influx;
  readonly token: string;
  readonly org: string;
  readonly bucket: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
};

/** The newest point of the check in the bucket, as text; undefined when there is none. */
async function readCheckPoint(request: VerifyDataRequest, range: string): Promise<string | undefined> {
  const { influx, token, org, bucket, signal } = request;
  const rows = await influx.query(
    token,
    org,
    `from(bucket: ${fluxText(bucket)})
  |> range(start: ${range})
  |> filter(fn: (r) => r._measurement == ${fluxText(checkMeasurement)} and r._field == "written_ms")
  |> last()`,
    signal,
  );
  return rows[0]?._value;
}

/** Whether an earlier check left its point, so that the token reads what it once wrote. Only looks. */
export const wasDataVerified = async (request: VerifyDataRequest): Promise<boolean> =>
  (await readCheckPoint(request, '-7d')) !== undefined;

/**
 * Writes one point of a measurement of our own, with the server's time, and reads it back. One series for ever: the
 * value tells the points apart. Throws an ExternalError.
 */
export async function verifyData(request: VerifyDataRequest): Promise<void> {
  const { influx, token, org, bucket, clock, signal } = request;
  const value = String(clock.now().getTime());
  await influx.writeLine(token, org, bucket, `${checkMeasurement} written_ms=${value}i`, signal);
  const read = await readCheckPoint(request, '-10m');
  if (read === value) return;
  throw new ExternalError(
    `A point written into ${bucket} ${read === undefined ? 'could not be read back' : 'came back as an older one'}.`,
    {
      command: `write and query at ${influx.url}`,
      hint: "Is the clock of InfluxDB's machine right, and its disk not full?",
      nextSteps: ['Look at its log: docker compose logs influxdb'],
    },
  );
}
