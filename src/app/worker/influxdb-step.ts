/** Starts InfluxDB, waits for it, and makes it ours over HTTP with credentials that are already stored. */

import { UserError } from '../../core/error.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import { ensureInfluxdbSetup } from '../buckets/ensure-influxdb-setup.ts';
import { findContainer } from './containers.ts';
import { influxOf, operatorToken } from './influxdb-access.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

export const influxdbAdmin = 'homeiq-admin';

const check: Step['check'] = async context => {
  const container = await findContainer(context, 'influxdb');
  if (container === undefined || container.state !== 'running') {
    return { isDone: false, summary: 'InfluxDB does not run' };
  }
  const token = await context.ports.files.readSecret('influxdb-operator-token');
  if (token === undefined) return { isDone: false, summary: 'no operator token is stored' };
  const influx = await influxOf(context);
  const identity = await influx.identify(context.signal);
  if (identity.kind !== 'influxdb2') return { isDone: false, summary: 'InfluxDB is not ready' };
  if (await influx.isSetupAllowed(context.signal))
    return { isDone: false, summary: 'InfluxDB is not set up' };
  const org = await influx
    .findOrg(token, modeFacts[context.request.mode].org, context.signal)
    .catch(() => undefined);
  return org === undefined
    ? { isDone: false, summary: 'the operator token is to be checked' }
    : { isDone: true, summary: identity.version };
};

async function setUp(context: StepContext): Promise<string> {
  const { ports, detail, signal } = context;
  const facts = modeFacts[context.request.mode];
  const main = facts.buckets[0];
  const password = await ports.files.readSecret('influxdb-admin-password');
  if (main === undefined || password === undefined) {
    throw new UserError('The InfluxDB admin password is missing.', {
      hint: 'Run the set-up again: the settings step writes it.',
    });
  }
  const result = await ensureInfluxdbSetup({
    influx: await influxOf(context),
    clock: ports.clock,
    credentials: { username: influxdbAdmin, password, token: await operatorToken(context) },
    org: facts.org,
    bucket: main.name,
    retentionSeconds: main.retentionSeconds,
    onDetail: detail,
    signal,
  });
  return result.summary;
}

export const influxdbStep: Step = {
  id: 'influxdb',
  title: () => 'InfluxDB ready',
  check,
  act: async context => {
    await context.ports.compose.up(context.target, ['influxdb'], {
      signal: context.signal,
      onProgress: progress => context.detail(progress.text),
    });
    return setUp(context);
  },
  verify: verifyByCheck(
    {
      check: async context => {
        const token = await operatorToken(context);
        const influx = await influxOf(context);
        await influx.findOrg(token, modeFacts[context.request.mode].org, context.signal);
        return { isDone: true, summary: 'the operator token works' };
      },
    },
    summary => new UserError(summary),
  ),
};
