/** A new operator token by one of three ways. Each stores it before anything depends on it. */

import { parseInfluxConfigs } from '../../core/buckets/influx-configs.ts';
import {
  operatorDescription,
  type RecoveryMethod,
  recoveryFacts,
  recoveryMethods,
} from '../../core/buckets/recovery.ts';
import { parseRecoveryNames, parseRecoveryToken } from '../../core/buckets/recovery-tables.ts';
import { ExternalError, UserError } from '../../core/error.ts';
import type { Influx } from '../../ports/influxdb.ts';

export type RecoveryRequest = {
  readonly influx: Influx;
  readonly onDetail: (text: string) => void;
  readonly storeToken: (token: string) => Promise<void>;
  readonly signal: AbortSignal;
};

export type InfluxdbUser = { readonly username: string; readonly password: string };

/** `influxd recovery …` on the store of the stopped server; gives what it printed. */
export type RecoveryCommand = (words: readonly string[]) => Promise<string>;

const otherWays = (method: RecoveryMethod): readonly string[] =>
  recoveryMethods
    .filter(other => other !== method)
    .map(other => `homeiq buckets --recover ${other}: ${recoveryFacts[other]}`);

/** What earlier recoveries of ours left is of no use any more. */
async function removeOlder({ influx, signal }: RecoveryRequest, token: string, id: string): Promise<void> {
  const all = await influx.listAuthorizations(token, undefined, signal);
  for (const old of all) {
    if (old.description === operatorDescription && old.id !== id) {
      await influx.deleteAuthorization(token, old.id, signal);
    }
  }
}

/** `configText`: the file `influx-configs` in the container; undefined when there is none. */
export async function recoverByConfiguration(
  { influx, onDetail, storeToken, signal }: RecoveryRequest,
  configText: string | undefined,
): Promise<string> {
  const fail = (message: string): UserError => new UserError(message, { nextSteps: otherWays('cli') });
  if (configText === undefined) {
    throw fail('The container of InfluxDB has no configuration of its command line.');
  }
  const configs = parseInfluxConfigs(configText);
  for (const { name, token } of configs) {
    const standing = await influx.tokenStanding(token, signal);
    onDetail(`token of the configuration ${name}: ${standing === 'operator' ? 'works' : standing}`);
    if (standing !== 'operator') continue;
    await storeToken(token);
    return `the token of the configuration ${name} in the container is stored`;
  }
  throw fail(
    configs.length === 0
      ? 'The configuration of the command line in the container holds no token.'
      : 'No token in the configuration of the command line is an operator token that this server knows.',
  );
}

export async function recoverByPassword(request: RecoveryRequest, user: InfluxdbUser): Promise<string> {
  const { influx, onDetail, storeToken, signal } = request;
  const session = await influx.signIn(user.username, user.password, signal).catch((thrown: unknown) => {
    if (!(thrown instanceof ExternalError) || thrown.status !== 401) throw thrown;
    throw new UserError(`InfluxDB does not take this password for the user ${user.username}.`, {
      nextSteps: otherWays('password'),
    });
  });
  onDetail(`signed in as ${user.username}`);
  try {
    const [org] = await influx.listOrgs(session, signal);
    if (org === undefined) {
      throw new UserError(`The user ${user.username} belongs to no organization.`, {
        nextSteps: ['Sign in as the user that was made first.', ...otherWays('password')],
      });
    }
    const made = await influx
      .createOperatorAuthorization(session, { orgId: org.id, description: operatorDescription }, signal)
      .catch((thrown: unknown) => {
        if (!(thrown instanceof ExternalError) || (thrown.status !== 401 && thrown.status !== 403))
          throw thrown;
        throw new UserError(`The user ${user.username} may not make an operator token.`, {
          hint: 'Only the user that was made first, or one with the same rights, may.',
          nextSteps: otherWays('password'),
        });
      });
    await storeToken(made.token);
    await removeOlder(request, made.token, made.id);
  } finally {
    // The token does not depend on the session, which ends by itself within the hour.
    await influx.signOut(session, signal).catch(() => {});
  }
  return `a new operator token of ${user.username} is made and stored`;
}

/** While the server is stopped: makes the token and stores it; resolves to its id. `preferred`: our own user's name. */
export async function makeTokenOffline(
  { onDetail, storeToken }: RecoveryRequest,
  run: RecoveryCommand,
  preferred: string,
): Promise<{ readonly id: string; readonly token: string; readonly username: string }> {
  const users = parseRecoveryNames(await run(['user', 'list']));
  const [org] = parseRecoveryNames(await run(['org', 'list']));
  const username = users.includes(preferred) ? preferred : users[0];
  if (username === undefined || org === undefined) {
    throw new UserError('The store of InfluxDB holds no user or no organization.', {
      hint: 'It was never set up, or its data is not where it is looked for.',
    });
  }
  onDetail(`making an operator token for ${username} of ${org}`);
  const printed = await run(['auth', 'create-operator', '--username', username, '--org', org]);
  const made = parseRecoveryToken(printed, username);
  if (made === undefined) {
    throw new UserError('influxd made an operator token, and it cannot be found in what it printed.', {
      hint: `A token called "${username}'s Recovery Token" may be left in InfluxDB.`,
    });
  }
  await storeToken(made.token);
  return { ...made, username };
}

/** Once the server answers again: the token is known as ours, and those of earlier recoveries go. */
export async function claimToken(
  request: RecoveryRequest,
  { id, token, username }: { readonly id: string; readonly token: string; readonly username: string },
): Promise<string> {
  const { influx, signal } = request;
  await influx.changeAuthorization(token, id, { description: operatorDescription }, signal);
  await removeOlder(request, token, id);
  return `a new operator token of ${username} is made and stored`;
}
