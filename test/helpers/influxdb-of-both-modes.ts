/** An InfluxDB as the set-ups of both modes leave it, for tests and measurements that need no deployment for it. */

import type { EnsureBucketsRequest } from '../../src/app/buckets/ensure-buckets.ts';
import { ensureInfluxdbSetup } from '../../src/app/buckets/ensure-influxdb-setup.ts';
import { type Mode, modeFacts, modes } from '../../src/core/mode/mode.ts';
import type { Clock } from '../../src/ports/host.ts';
import type { Influx } from '../../src/ports/influxdb.ts';

/** Sets a bare server up with the org and the main bucket of test mode. */
export const setUpBareInfluxdb = (
  influx: Influx,
  { clock, token, password }: { readonly clock: Clock; readonly token: string; readonly password: string },
) =>
  ensureInfluxdbSetup({
    influx,
    clock,
    credentials: { username: 'homeiq-admin', password, token },
    org: modeFacts.test.org,
    bucket: modeFacts.test.mainBucket,
    retentionSeconds: 7 * 86_400,
    onDetail: () => {},
  });

/** What `ensureBuckets` is asked for both modes with their usual retention. The tokens are kept in `stored`. */
export function bucketsOfBothModes(
  influx: Influx,
  operatorToken: string,
  stored: Partial<Record<Mode, string>>,
): EnsureBucketsRequest {
  const settings = (mode: Mode) => ({
    storedToken: stored[mode],
    retentionSeconds: modeFacts[mode].buckets[0]?.retentionSeconds ?? 0,
  });
  return {
    influx,
    operatorToken,
    modes,
    settings: { test: settings('test'), production: settings('production') },
    wishes: { changeRetention: false },
    deleteData: [],
    onDetail: () => {},
    storeToken: async (mode, token) => {
      stored[mode] = token;
    },
  };
}
