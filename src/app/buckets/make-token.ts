/** One token a mode, limited to the ids of its buckets: made, stored before anything uses it, and the old ones removed. */

import type { ObservedAuthorization } from '../../core/buckets/authorization.ts';
import { authorizationDescription, findWrongPermission } from '../../core/buckets/authorization.ts';
import type { BucketAction } from '../../core/buckets/bucket-action.ts';
import { ExternalError, exitCodes, UserError } from '../../core/error.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { MadeBuckets, MakeRequest } from './make-buckets.ts';

export type TokenRequest = MakeRequest & {
  /** Puts the value on disk. Nothing depends on the token before this has resolved. */
  readonly storeToken: (mode: Mode, token: string) => Promise<void>;
};

export type TokenOutcome = {
  readonly token: string;
  /** Of a token that this run made. */
  readonly madeId: string | undefined;
  /** Removed once the token is proved. */
  readonly removeIds: readonly string[];
};

/** The value is stored before this resolves. A wrong authorization is removed and never stored. */
async function makeToken(
  request: TokenRequest,
  mode: Mode,
  { orgId, buckets }: MadeBuckets,
): Promise<{ readonly id: string; readonly token: string }> {
  const { influx, operatorToken, storeToken, onDetail, signal } = request;
  const { org } = modeFacts[mode];
  const made = await influx.createAuthorization(
    operatorToken,
    { orgId, description: authorizationDescription(mode), bucketIds: buckets.map(({ id }) => id) },
    signal,
  );
  const problem = findWrongPermission(made.authorization, { org, buckets });
  if (problem !== undefined) {
    await influx.deleteAuthorization(operatorToken, made.authorization.id, signal);
    throw new UserError(`The token that InfluxDB made for ${org} is not as it was asked for: ${problem}.`, {
      hint: 'It was removed again. Something else may be changing this InfluxDB at the same time.',
      exitCode: exitCodes.refused,
    });
  }
  await storeToken(mode, made.token);
  onDetail(`made and stored a token for ${buckets.length} buckets of ${org}`);
  return { id: made.authorization.id, token: made.token };
}

/** Switches the stored token on again; false when it was not this authorization's after all. */
async function reactivate(request: TokenRequest, mode: Mode, id: string, token: string): Promise<boolean> {
  const { influx, operatorToken, onDetail, signal } = request;
  await influx.changeAuthorization(operatorToken, id, { isActive: true }, signal);
  const isOurs = (await influx.tokenStanding(token, signal)) === 'limited';
  if (isOurs) onDetail(`switched the token of ${modeFacts[mode].org} on again`);
  return isOurs;
}

/** Carries out what was decided about the token. The old ones are still there afterwards. */
export async function settleToken(
  request: TokenRequest,
  mode: Mode,
  state: {
    readonly actions: readonly BucketAction[];
    readonly storedToken: string | undefined;
    readonly authorizations: readonly ObservedAuthorization[];
    readonly made: MadeBuckets;
  },
): Promise<TokenOutcome> {
  const { actions, storedToken, authorizations, made } = state;
  const replace = async (): Promise<TokenOutcome> => {
    const { id, token } = await makeToken(request, mode, made);
    const ours = authorizations.filter(({ description }) => description === authorizationDescription(mode));
    return { token, madeId: id, removeIds: ours.map(old => old.id) };
  };
  const activation = actions.find(({ kind }) => kind === 'activate-authorization');
  const isReplaced = actions.some(({ kind }) => kind === 'create-authorization');
  if (isReplaced || storedToken === undefined) return replace();
  if (activation?.kind === 'activate-authorization') {
    if (!(await reactivate(request, mode, activation.id, storedToken))) return replace();
  }
  return {
    token: storedToken,
    madeId: undefined,
    removeIds: actions.flatMap(action => (action.kind === 'delete-authorization' ? [action.id] : [])),
  };
}

/** Removes what is gone already without a word. */
export async function removeAuthorizations(request: MakeRequest, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await request.influx.deleteAuthorization(request.operatorToken, id, request.signal);
    } catch (thrown) {
      if (!(thrown instanceof ExternalError && thrown.status === 404)) throw thrown;
    }
  }
  if (ids.length > 0) request.onDetail(`removed ${ids.length} old token${ids.length === 1 ? '' : 's'}`);
}
