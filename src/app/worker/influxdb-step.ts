/** Starts InfluxDB, waits for it, and makes it ours over HTTP with credentials that are already stored. */

import { UserError } from '../../core/error.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import { ensureInfluxdbSetup } from '../buckets/ensure-influxdb-setup.ts';
import { findContainer } from './containers.ts';
import { influxOf, operatorToken } from './influxdb-access.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

export const influxdbAdmin = 'homeiq-admin';

/** Whether the server knows our operator token as one. */
async function isOurs(context: StepContext): Promise<boolean> {
  const token = await context.ports.files.readSecret('influxdb-operator-token');
  if (token === undefined) return false;
  const influx = await influxOf(context);
  return (await influx.tokenStanding(token, context.signal).catch(() => undefined)) === 'operator';
}

const check: Step['check'] = async context => {
  const container = await findContainer(context, 'influxdb');
  if (container?.state !== 'running') return { isDone: false, summary: 'InfluxDB does not run' };
  const influx = await influxOf(context);
  const identity = await influx.identify(context.signal);
  if (identity.kind !== 'influxdb2') return { isDone: false, summary: 'InfluxDB is not ready' };
  return (await isOurs(context))
    ? { isDone: true, summary: identity.version }
    : { isDone: false, summary: 'InfluxDB is not set up' };
};

export const influxdbStep: Step = {
  id: 'influxdb',
  title: () => 'InfluxDB ready',
  check,
  act: async context => {
    const { ports, detail, signal } = context;
    await ports.compose.up(context.target, ['influxdb'], {
      signal,
      onProgress: progress => detail(progress.text),
    });
    const facts = modeFacts[context.request.mode];
    const [main] = facts.buckets;
    const password = await ports.files.readSecret('influxdb-admin-password');
    if (main === undefined || password === undefined) {
      throw new UserError('The InfluxDB admin password is missing in .homeiq/secrets.', {
        hint: 'Run the set-up again: the settings step writes it.',
      });
    }
    const { summary } = await ensureInfluxdbSetup({
      influx: await influxOf(context),
      clock: ports.clock,
      credentials: { username: influxdbAdmin, password, token: await operatorToken(context) },
      org: facts.org,
      bucket: main.name,
      retentionSeconds: main.retentionSeconds,
      onDetail: detail,
      signal,
    });
    return summary;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After its set-up ${summary}.`)),
};
