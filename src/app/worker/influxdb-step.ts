/** Starts InfluxDB, waits for it, and makes it ours over HTTP with credentials that are already stored. */

import { BugError, UserError } from '../../core/error.ts';
import { modeFacts } from '../../core/mode/mode.ts';
import { ensureInfluxdbSetup } from '../buckets/ensure-influxdb-setup.ts';
import { readModeDocument, settingsOf } from '../buckets/mode-documents.ts';
import { waitForInfluxdb } from '../buckets/wait-for-influxdb.ts';
import { findContainer } from './containers.ts';
import { influxOf, operatorToken } from './influxdb-access.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

export const influxdbAdmin = 'homeiq-admin';
/** Random bytes behind each secret: 43 characters, under InfluxDB's limit of 72 for a password. */
const secretBytes = 32;

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

async function makeMissingSecrets({ ports }: StepContext): Promise<void> {
  for (const name of ['influxdb-admin-password', 'influxdb-operator-token'] as const) {
    if ((await ports.files.readSecret(name)) === undefined) {
      await ports.files.writeSecret(name, ports.random.secret(secretBytes));
    }
  }
}

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
    if (main === undefined) throw new BugError(`${context.request.mode} mode has no bucket.`);
    const influx = await influxOf(context);
    const { isSetupAllowed } = await waitForInfluxdb({
      influx,
      clock: ports.clock,
      onDetail: detail,
      signal,
    });
    // A server that nobody has set up knows no credentials yet: lost ones are made anew.
    if (isSetupAllowed) await makeMissingSecrets(context);
    const document = await readModeDocument(ports.files, context.request.mode);
    const { summary } = await ensureInfluxdbSetup({
      influx,
      clock: ports.clock,
      credentials: {
        username: influxdbAdmin,
        password: (await ports.files.readSecret('influxdb-admin-password')) ?? '',
        token: await operatorToken(context),
      },
      org: facts.org,
      bucket: main.name,
      retentionSeconds: settingsOf(document).retentionSeconds,
      onDetail: detail,
      signal,
    });
    return summary;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After its set-up ${summary}.`)),
};
