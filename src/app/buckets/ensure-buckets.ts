/** The mode's org, its buckets with their retention, and one token limited to them: looked at, made, and proved. */

import { describeFault } from '../../core/buckets/access-matrix.ts';
import { authorizationDescription, findWrongPermission } from '../../core/buckets/authorization.ts';
import {
  type BucketAction,
  type BucketDecision,
  decideBucketActions,
  describeAction,
} from '../../core/buckets/bucket-actions.ts';
import { describeRetention } from '../../core/buckets/retention.ts';
import { BugError, ExternalError, exitCodes, UserError } from '../../core/error.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { InfluxAuthorization, InfluxBucket } from '../../ports/influxdb.ts';
import { type BucketsRequest, type BucketsSight, observeBuckets, probeToken } from './observe-buckets.ts';
import { isConflict, withOperatorAdvice } from './operator-call.ts';

export type BucketsCheck = BucketDecision & {
  readonly isDone: boolean;
  readonly summary: string;
};

export type BucketsResult = {
  readonly changed: boolean;
  readonly summary: string;
  /** Works, and does nothing more than it must. A secret. */
  readonly token: string;
  readonly notes: readonly string[];
};

export type EnsureBucketsRequest = BucketsRequest & {
  /** One line for each thing done; without secrets and ids. */
  readonly onDetail: (text: string) => void;
  /** Puts the value on disk. Nothing depends on the token before this has resolved. */
  readonly storeToken: (token: string) => Promise<void>;
};

function summarize(mode: Mode): string {
  const { org, buckets } = modeFacts[mode];
  const retention = describeRetention(buckets[0]?.retentionSeconds ?? 0);
  return `${org}: ${buckets.length} buckets, ${retention}, and a token for them alone`;
}

/** Only looks. Throws an ExternalError; with advice when the operator token is refused. */
export async function checkBuckets(request: BucketsRequest): Promise<BucketsCheck> {
  const decision = decideBucketActions(await observeBuckets(request));
  const [first, ...rest] = decision.actions.map(describeAction);
  return {
    ...decision,
    isDone: first === undefined,
    summary:
      first === undefined
        ? summarize(request.mode)
        : `to do: ${first}${rest.length === 0 ? '' : ` and ${rest.length} more`}`,
  };
}

/** Makes what `decide` found missing; every creation that meets an existing name reads it again. */
function createMaker(request: EnsureBucketsRequest) {
  const { influx, operatorToken, mode, signal } = request;
  const { org } = modeFacts[mode];

  const orCheckAgain = async <Thing>(
    create: () => Promise<Thing>,
    find: () => Promise<Thing | undefined>,
    what: string,
  ): Promise<Thing> => {
    try {
      return await create();
    } catch (thrown) {
      if (!isConflict(thrown)) throw thrown;
      const found = await find();
      if (found !== undefined) return found;
      throw new ExternalError(`${what} exists in InfluxDB, but the stored operator token cannot see it.`, {
        hint: 'An operator token sees everything: this one is limited.',
      });
    }
  };

  return {
    org: (): Promise<string> =>
      orCheckAgain(
        async () => (await influx.createOrg(operatorToken, org, signal)).id,
        async () => (await influx.findOrg(operatorToken, org, signal))?.id,
        `The organization ${org}`,
      ),
    bucket: (
      orgId: string,
      action: Extract<BucketAction, { kind: 'create-bucket' }>,
    ): Promise<InfluxBucket> =>
      orCheckAgain(
        () =>
          influx.createBucket(
            operatorToken,
            {
              orgId,
              name: action.name,
              retentionSeconds: action.retentionSeconds,
              shardGroupSeconds: action.shardGroupSeconds,
              description: `HomeIQ, ${mode} mode`,
            },
            signal,
          ),
        () => influx.findBucket(operatorToken, orgId, action.name, signal),
        `The bucket ${action.name}`,
      ),
    /** The value is stored before this resolves. A wrong authorization is removed and never stored. */
    token: async (
      orgId: string,
      buckets: readonly InfluxBucket[],
    ): Promise<{ readonly authorization: InfluxAuthorization; readonly token: string }> => {
      const made = await influx.createAuthorization(
        operatorToken,
        { orgId, description: authorizationDescription(mode), bucketIds: buckets.map(({ id }) => id) },
        signal,
      );
      const problem = findWrongPermission(made.authorization, { org, buckets });
      if (problem !== undefined) {
        await influx.deleteAuthorization(operatorToken, made.authorization.id, signal);
        throw new UserError(
          `The token that InfluxDB made for ${org} is not as it was asked for: ${problem}.`,
          {
            hint: 'It was removed again. Something else may be changing this InfluxDB at the same time.',
            exitCode: exitCodes.refused,
          },
        );
      }
      await request.storeToken(made.token);
      return made;
    },
  };
}

/** Removes what is gone already without a word. */
async function removeAuthorizations(request: EnsureBucketsRequest, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    try {
      await request.influx.deleteAuthorization(request.operatorToken, id, request.signal);
    } catch (thrown) {
      if (!(thrown instanceof ExternalError && thrown.status === 404)) throw thrown;
    }
  }
  if (ids.length > 0) request.onDetail(`removed ${ids.length} old token${ids.length === 1 ? '' : 's'}`);
}

/** Proves a new token. One that can do more than it must is revoked at once: nothing may use it. */
async function proveToken(
  request: EnsureBucketsRequest,
  sight: BucketsSight,
  made: { readonly authorization: InfluxAuthorization; readonly token: string },
): Promise<void> {
  const faults = await probeToken(request, made.token, sight.otherBuckets);
  const [first] = faults;
  if (first === undefined) return;
  const isTooMuch = faults.some(({ kind }) => kind === 'unexpected');
  if (isTooMuch) {
    await request.influx.deleteAuthorization(request.operatorToken, made.authorization.id, request.signal);
  }
  throw new UserError(
    `The new token for ${request.mode} mode failed its check: ${faults.map(describeFault).join('; ')}.`,
    {
      hint: isTooMuch
        ? 'It was revoked, so that no service can use it. A server that allows this is not safe to share between the modes.'
        : 'Something else may be changing this InfluxDB at the same time. Run it again.',
      exitCode: isTooMuch ? exitCodes.refused : exitCodes.failed,
    },
  );
}

/**
 * Makes the mode's part of InfluxDB as it must be, and proves it by trying the token on every bucket. Does nothing
 * when it is so already. Throws an ExternalError, with advice when the operator token is refused, or a UserError when
 * a token turns out to allow more than it must.
 */
export async function ensureBuckets(request: EnsureBucketsRequest): Promise<BucketsResult> {
  const { influx, mode, storedToken, onDetail } = request;
  const sight = await observeBuckets(request);
  const { actions, notes } = decideBucketActions(sight);
  for (const note of notes) onDetail(note);
  const summary = summarize(mode);
  if (actions.length === 0 && storedToken !== undefined) {
    return { changed: false, summary, token: storedToken, notes };
  }

  return withOperatorAdvice({ url: influx.url, org: modeFacts[mode].org }, async () => {
    const make = createMaker(request);
    let { orgId } = sight;
    const buckets = [...sight.buckets];
    let token = storedToken;
    for (const action of actions) {
      switch (action.kind) {
        case 'create-org':
          orgId = await make.org();
          break;
        case 'create-bucket':
          buckets.push(await make.bucket(known(orgId), action));
          break;
        case 'create-authorization': {
          const old = sight.authorizations.filter(
            ({ description }) => description === authorizationDescription(mode),
          );
          const made = await make.token(known(orgId), buckets);
          onDetail(`made and stored a token for ${buckets.length} buckets`);
          await proveToken(request, sight, made);
          await removeAuthorizations(
            request,
            old.map(({ id }) => id),
          );
          ({ token } = made);
          continue;
        }
        case 'delete-authorization':
          await removeAuthorizations(request, [action.id]);
          continue;
      }
      onDetail(describeAction(action));
    }
    return { changed: true, summary, token: known(token), notes };
  });
}

/** The decision orders its actions so that what one needs is there. */
function known(text: string | undefined): string {
  if (text === undefined) throw new BugError('An action came before the one it needs.');
  return text;
}
