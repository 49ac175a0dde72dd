/** Each mode's org, its buckets with their retention, and one token limited to them: looked at, made, and proved. */

import { type AccessFault, describeFaults, wantedBuckets } from '../../core/buckets/access-matrix.ts';
import { describeAction, shortenedBuckets } from '../../core/buckets/bucket-action.ts';
import {
  type BucketDecision,
  type BucketWishes,
  decideBucketActions,
  describeDifference,
} from '../../core/buckets/decide-bucket-actions.ts';
import { describeKept, describeRetention } from '../../core/buckets/retention.ts';
import { exitCodes, UserError } from '../../core/error.ts';
import { type Mode, modeFacts, otherMode } from '../../core/mode/mode.ts';
import { type MadeBuckets, makeBuckets } from './make-buckets.ts';
import { removeAuthorizations, settleToken, type TokenOutcome } from './make-token.ts';
import {
  type BucketsRequest,
  type BucketsSight,
  namesNow,
  observeBuckets,
  probeToken,
} from './observe-buckets.ts';
import { withOperatorAdvice } from './operator-call.ts';

export type BucketsWork = BucketsRequest & { readonly wishes: BucketWishes };

export type BucketsCheck = {
  readonly sight: BucketsSight;
  /** Of the modes that were asked for. */
  readonly decisions: ReadonlyMap<Mode, BucketDecision>;
  readonly isDone: boolean;
  readonly summary: string;
  readonly notes: readonly string[];
};

export type BucketsResult = {
  readonly changed: boolean;
  readonly summary: string;
  /** Each works, and does nothing more than it must. Secrets. */
  readonly tokens: ReadonlyMap<Mode, string>;
  readonly notes: readonly string[];
};

export type EnsureBucketsRequest = BucketsWork & {
  /** Names of buckets of which data may be deleted. */
  readonly deleteData: readonly string[];
  /** One line for each thing done; without secrets and ids. */
  readonly onDetail: (text: string) => void;
  /** Puts the value on disk. Nothing depends on the token before this has resolved. */
  readonly storeToken: (mode: Mode, token: string) => Promise<void>;
};

function summarize({ modes, settings }: BucketsRequest, probes: number): string {
  const each = modes.map(mode => {
    const { org, buckets } = modeFacts[mode];
    return `${org}: ${buckets.length} buckets, ${describeRetention(settings[mode].retentionSeconds)}, and a token for them alone`;
  });
  return `${each.join('; ')}; ${probes} probes as they should be`;
}

/** Reading and writing are asked apart. */
const countProbes = (probes: readonly unknown[]): number => probes.length * 2;

/** Only looks. Throws an ExternalError; with advice when the operator token is refused. */
export async function checkBuckets(request: BucketsWork): Promise<BucketsCheck> {
  const sight = await observeBuckets(request);
  const decisions = new Map(
    request.modes.map(mode => [mode, decideBucketActions(sight[mode], request.wishes)] as const),
  );
  const [first, ...rest] = [...decisions.values()].flatMap(({ actions }) => actions).map(describeAction);
  const probes = request.modes.reduce((sum, mode) => sum + countProbes(sight[mode].probes), 0);
  return {
    sight,
    decisions,
    isDone: first === undefined,
    summary:
      first === undefined
        ? summarize(request, probes)
        : `to do: ${first}${rest.length === 0 ? '' : ` and ${rest.length} more`}`,
    notes: [...decisions.values()].flatMap(({ differences }) => differences).map(describeDifference),
  };
}

/** Nothing is shortened that was not named. Throws a UserError (refused) with the words that would consent. */
export function refuseDeletion(
  decisions: ReadonlyMap<Mode, BucketDecision>,
  deleteData: readonly string[],
): void {
  const shortened = [...decisions.values()].flatMap(({ actions }) => shortenedBuckets(actions));
  const open = shortened.filter(({ name }) => !deleteData.includes(name));
  if (open.length === 0) return;
  const consent = shortened.map(({ name }) => `--delete-data ${name}`).join(' ');
  throw new UserError(
    `A shorter retention deletes data: ${open
      .map(
        ({ name, fromSeconds, retentionSeconds }) =>
          `what is older than ${describeRetention(retentionSeconds)} in ${name} (kept ${describeKept(fromSeconds)} now)`,
      )
      .join('; ')}.`,
    {
      hint: 'InfluxDB deletes within half an hour of the change, and nothing brings the data back.',
      nextSteps: [`To consent, name what loses data: ${consent}`],
      exitCode: exitCodes.refused,
    },
  );
}

/** What every token is now, tried on every bucket that there is. */
async function proveTokens(
  request: EnsureBucketsRequest,
  sight: BucketsSight,
  outcomes: ReadonlyMap<Mode, TokenOutcome>,
): Promise<number> {
  let count = 0;
  const wrong: { readonly mode: Mode; readonly faults: readonly AccessFault[] }[] = [];
  for (const [mode, { token }] of outcomes) {
    const other = otherMode(mode);
    const others = outcomes.has(other) ? wantedBuckets(other) : namesNow(sight[other]);
    const { probes, faults } = await probeToken(request, token, wantedBuckets(mode), others);
    count += countProbes(probes);
    if (faults.length > 0) wrong.push({ mode, faults });
  }
  if (wrong.length === 0) return count;
  const isTooMuch = wrong.some(({ faults }) => faults.some(({ kind }) => kind === 'unexpected'));
  const made = isTooMuch ? wrong.flatMap(({ mode }) => outcomes.get(mode)?.madeId ?? []) : [];
  for (const id of made) {
    await request.influx.deleteAuthorization(request.operatorToken, id, request.signal);
  }
  const told = wrong.map(
    ({ mode, faults }) => `The token for ${mode} mode failed its check: ${describeFaults(faults)}.`,
  );
  throw new UserError(told.join(' '), {
    hint: isTooMuch
      ? `${made.length === 0 ? 'No service should use it.' : 'It was revoked, so that no service can use it.'} A server that allows this is not safe to share between the modes.`
      : 'Something else may be changing this InfluxDB at the same time. Run it again.',
    exitCode: isTooMuch ? exitCodes.refused : exitCodes.failed,
  });
}

/**
 * Makes each mode's part of InfluxDB as it must be, and proves it by trying every token on every bucket. Does nothing
 * when it is so already. Throws an ExternalError, with advice when the operator token is refused, or a UserError when
 * a token turns out to allow more than it must or when data would go without consent.
 */
export async function ensureBuckets(request: EnsureBucketsRequest): Promise<BucketsResult> {
  const { influx, settings, onDetail } = request;
  const { sight, decisions, isDone, summary, notes } = await checkBuckets(request);
  for (const note of notes) onDetail(note);
  if (isDone) {
    const tokens = request.modes.flatMap(mode => {
      const { storedToken } = settings[mode];
      return storedToken === undefined ? [] : [[mode, storedToken] as const];
    });
    return { changed: false, summary, tokens: new Map(tokens), notes };
  }
  refuseDeletion(decisions, request.deleteData);
  return withOperatorAdvice(influx.url, async () => {
    const outcomes = new Map<Mode, TokenOutcome>();
    // Both modes' buckets first: a token is proved against all that there are.
    const made = new Map<Mode, MadeBuckets>();
    for (const [mode, { actions }] of decisions) {
      const { org, buckets } = sight[mode];
      made.set(mode, await makeBuckets(request, mode, actions, { orgId: org?.id, buckets }));
    }
    for (const [mode, having] of made) {
      outcomes.set(
        mode,
        await settleToken(request, mode, {
          actions: decisions.get(mode)?.actions ?? [],
          storedToken: settings[mode].storedToken,
          authorizations: sight[mode].authorizations,
          made: having,
        }),
      );
    }
    const probes = await proveTokens(request, sight, outcomes);
    const old = [...outcomes.values()].flatMap(({ removeIds }) => removeIds);
    await removeAuthorizations(request, old);
    return {
      changed: true,
      summary: summarize(request, probes),
      tokens: new Map([...outcomes].map(([mode, { token }]) => [mode, token])),
      notes,
    };
  });
}
