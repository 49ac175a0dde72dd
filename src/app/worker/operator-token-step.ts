/** A new operator token for a server that does not know the stored one. */

import { recoveryFacts, recoveryTitles } from '../../core/buckets/recovery.ts';
import { BugError, UserError } from '../../core/error.ts';
import {
  claimToken,
  makeTokenOffline,
  type RecoveryRequest,
  recoverByConfiguration,
  recoverByPassword,
} from '../buckets/recover-operator.ts';
import { waitForInfluxdb } from '../buckets/wait-for-influxdb.ts';
import { findContainer } from './containers.ts';
import { influxOf } from './influxdb-access.ts';
import { influxdbAdmin } from './influxdb-step.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

const service = 'influxdb';
/** Where the image of InfluxDB keeps them, unless its environment says otherwise. */
const configsPath = '/etc/influxdb2/influx-configs';
const boltPath = '/var/lib/influxdb2/influxd.bolt';

async function start(context: StepContext, signal?: AbortSignal): Promise<void> {
  await context.ports.compose.up(context.target, [service], {
    ...(signal === undefined ? {} : { signal }),
    onProgress: progress => context.detail(progress.text),
  });
}

async function waitUntilReady(context: StepContext): Promise<{ readonly isSetupAllowed: boolean }> {
  const { ports, detail, signal } = context;
  return waitForInfluxdb({
    influx: await influxOf(context),
    clock: ports.clock,
    onDetail: detail,
    signal,
  });
}

/** The replaced value is kept: it may belong to another volume. */
async function storeToken({ ports }: StepContext, token: string): Promise<void> {
  const before = await ports.files.readSecret('influxdb-operator-token');
  if (before !== undefined && before !== token) {
    await ports.files.writeSecret('influxdb-operator-token-before', before);
  }
  await ports.files.writeSecret('influxdb-operator-token', token);
}

const recoveryRequest = async (context: StepContext): Promise<RecoveryRequest> => ({
  influx: await influxOf(context),
  onDetail: context.detail,
  storeToken: token => storeToken(context, token),
  signal: context.signal,
});

async function readEnvironment(context: StepContext): Promise<Readonly<Record<string, string>>> {
  return (await findContainer(context, service))?.environment ?? {};
}

async function byConfiguration(context: StepContext): Promise<string> {
  const container = await findContainer(context, service);
  const path = container?.environment.INFLUX_CONFIGS_PATH ?? configsPath;
  const text =
    container === undefined
      ? undefined
      : await context.ports.engine.readFile(container.id, path, context.signal);
  return recoverByConfiguration(await recoveryRequest(context), text);
}

async function byPassword(context: StepContext): Promise<string> {
  const given = context.request.influxdbUser;
  const password = given?.password ?? (await context.ports.files.readSecret('influxdb-admin-password'));
  if (password === undefined) {
    throw new UserError('No password of an InfluxDB user was given, and none is stored.', {
      nextSteps: ['Give HOMEIQ_INFLUXDB_USERNAME and HOMEIQ_INFLUXDB_PASSWORD, or run it in a terminal.'],
    });
  }
  const username = given?.username ?? influxdbAdmin;
  return recoverByPassword(await recoveryRequest(context), { username, password });
}

/** The store is locked while the server runs. It is started again whatever happens. */
async function offline(context: StepContext): Promise<string> {
  const { ports, target, detail, signal } = context;
  const path = (await readEnvironment(context)).INFLUXD_BOLT_PATH ?? boltPath;
  const request = await recoveryRequest(context);
  detail('stopping InfluxDB');
  await ports.compose.stop(target, [service], { signal });
  let made: Awaited<ReturnType<typeof makeTokenOffline>>;
  try {
    const run = (words: readonly string[]): Promise<string> =>
      ports.compose.runOnce(target, service, ['influxd', 'recovery', ...words, '--bolt-path', path], signal);
    made = await makeTokenOffline(request, run, influxdbAdmin);
  } finally {
    // Not to be aborted: a stopped InfluxDB would stay so.
    await start(context);
  }
  await waitUntilReady(context);
  return claimToken(request, made);
}

const isOperator = async (context: StepContext): Promise<boolean> => {
  const token = await context.ports.files.readSecret('influxdb-operator-token');
  if (token === undefined) return false;
  return (await (await influxOf(context)).tokenStanding(token, context.signal)) === 'operator';
};

const check: Step['check'] = async context => {
  const container = await findContainer(context, service);
  if (container?.state !== 'running') return { isDone: false, summary: 'InfluxDB does not run' };
  const influx = await influxOf(context);
  const identity = await influx.identify(context.signal);
  if (identity.kind !== 'influxdb2') return { isDone: false, summary: 'InfluxDB is not ready' };
  if (await influx.isSetupAllowed(context.signal)) {
    return { isDone: true, summary: 'the server is not set up yet, so there is nothing to recover' };
  }
  return (await isOperator(context))
    ? { isDone: true, summary: 'the stored operator token works' }
    : { isDone: false, summary: 'the stored operator token does not work' };
};

export const operatorTokenStep: Step = {
  id: 'operator-token',
  title: ({ buckets }) =>
    `Operator token${buckets?.recover === undefined ? '' : `, by ${recoveryTitles[buckets.recover]}`}`,
  check,
  act: async context => {
    const method = context.plan.buckets?.recover;
    if (method === undefined) throw new BugError('A recovery without a method.');
    const container = await findContainer(context, service);
    if (container?.state !== 'running') {
      await start(context, context.signal);
      await waitUntilReady(context);
      // It may have been enough.
      if ((await check(context)).isDone) return 'the stored operator token works';
    }
    context.detail(recoveryFacts[method]);
    switch (method) {
      case 'cli':
        return byConfiguration(context);
      case 'password':
        return byPassword(context);
      case 'offline':
        return offline(context);
    }
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the recovery ${summary}.`)),
};
