/** The mode's org, its buckets with their retention, and one token that is limited to them. */

import { checkBuckets, ensureBuckets } from '../buckets/ensure-buckets.ts';
import { influxOf, operatorToken } from './influxdb-access.ts';
import type { Step, StepContext } from './step.ts';
import { storeValue } from './store-value.ts';

async function bucketsRequest(context: StepContext) {
  const { INFLUXDB_TOKEN: stored } = await context.values();
  return {
    influx: await influxOf(context),
    operatorToken: await operatorToken(context),
    mode: context.request.mode,
    storedToken: stored === '' ? undefined : stored,
    signal: context.signal,
  };
}

const check: Step['check'] = async context => {
  const seen = await checkBuckets(await bucketsRequest(context));
  return { isDone: seen.isDone, summary: seen.summary };
};

export const bucketsStep: Step = {
  id: 'buckets',
  title: () => 'Buckets',
  check,
  act: async context => {
    const result = await ensureBuckets({
      ...(await bucketsRequest(context)),
      onDetail: context.detail,
      storeToken: token => storeValue(context, 'INFLUXDB_TOKEN', token),
    });
    return result.summary;
  },
  // ensureBuckets closes with the probe matrix, on the stored token: there is nothing left to look at.
  verify: async () => {},
};
