/** Looks at what InfluxDB holds for both modes, and what the stored tokens may do. Changes nothing. */

import {
  type AccessFault,
  judgeAccess,
  type ModeBuckets,
  type Probe,
  probeTargets,
} from '../../core/buckets/access-matrix.ts';
import type { BucketsObservation, ObservedBucket } from '../../core/buckets/bucket-observation.ts';
import { findRenamedBuckets, findRenamedOrg } from '../../core/buckets/renamed.ts';
import { BugError } from '../../core/error.ts';
import { type Mode, modeFacts, modes, otherMode } from '../../core/mode/mode.ts';
import type { Influx, InfluxAuthorization, InfluxOrg } from '../../ports/influxdb.ts';
import { inParallel } from '../in-parallel.ts';
import { withOperatorAdvice } from './operator-call.ts';

/** What a mode's settings say of its buckets. */
export type ModeSettings = {
  /** Undefined when there is none. */
  readonly storedToken: string | undefined;
  /** 0: for ever. */
  readonly retentionSeconds: number;
};

export type BucketsRequest = {
  readonly influx: Influx;
  readonly operatorToken: string;
  /** Those that are judged and made right; of the other only its buckets matter. */
  readonly modes: readonly Mode[];
  readonly settings: Readonly<Record<Mode, ModeSettings>>;
  readonly signal?: AbortSignal;
};

export type ModeSight = BucketsObservation & {
  /** What the stored token may do; empty when InfluxDB does not know it. */
  readonly probes: readonly Probe[];
};

export type BucketsSight = Readonly<Record<Mode, ModeSight>>;

type Held = Pick<ModeSight, 'org' | 'buckets' | 'authorizations'>;
const nothingHeld: Held = { org: undefined, buckets: [], authorizations: [] };

type Questions = Pick<BucketsRequest, 'influx' | 'operatorToken' | 'signal'>;

/** The mode's buckets that exist in the org, renamed ones too, in the order of the mode's facts. */
async function findBuckets(
  { influx, operatorToken, signal }: Questions,
  mode: Mode,
  orgId: string,
  authorizations: readonly InfluxAuthorization[],
): Promise<readonly ObservedBucket[]> {
  const wanted = modeFacts[mode].buckets.map(({ name }) => name);
  const find = (names: readonly string[]) =>
    inParallel(names, (name, both) => influx.findBucket(operatorToken, orgId, name, both), signal);
  const found = (await find(wanted)).filter(bucket => bucket !== undefined);
  const moved = findRenamedBuckets(mode, orgId, authorizations, found);
  const renamed = (await find(moved.map(({ name }) => name))).filter(bucket => bucket !== undefined);
  const all = [
    ...found.map(bucket => ({ ...bucket, wantedName: bucket.name })),
    ...renamed.map(bucket => ({
      ...bucket,
      wantedName: moved.find(({ id }) => id === bucket.id)?.wantedName ?? bucket.name,
    })),
  ];
  return all
    .map(({ id, name, wantedName, retentionSeconds }) => ({ id, name, wantedName, retentionSeconds }))
    .toSorted((a, b) => wanted.indexOf(a.wantedName) - wanted.indexOf(b.wantedName));
}

async function lookAtMode(
  questions: Questions,
  mode: Mode,
  found: InfluxOrg | undefined,
  all: readonly InfluxAuthorization[],
): Promise<Held> {
  const org = found ?? findRenamedOrg(mode, all);
  if (org === undefined) return nothingHeld;
  const authorizations = all.filter(({ orgId }) => orgId === org.id);
  return {
    org: { id: org.id, name: org.name },
    buckets: await findBuckets(questions, mode, org.id, authorizations),
    authorizations,
  };
}

export const namesNow = ({ org, buckets }: Held): ModeBuckets | undefined =>
  org === undefined ? undefined : { org: org.name, buckets: buckets.map(({ name }) => name) };

/** Tries `token` on every bucket of both modes, by name, without writing a point. */
export async function probeToken(
  { influx, signal }: Pick<BucketsRequest, 'influx' | 'signal'>,
  token: string,
  own: ModeBuckets,
  other: ModeBuckets | undefined,
): Promise<{ readonly probes: readonly Probe[]; readonly faults: readonly AccessFault[] }> {
  const standing = await influx.tokenStanding(token, signal);
  if (standing === 'unknown') return { probes: [], faults: [{ kind: 'unknown-token' }] };
  if (standing === 'inactive') return { probes: [], faults: [{ kind: 'inactive-token' }] };
  const probes = await inParallel(
    probeTargets(own, other),
    async (target, both): Promise<Probe> => ({
      target,
      access: await influx.probeAccess(token, target.org, target.bucket, both),
    }),
    signal,
  );
  return { probes, faults: judgeAccess(probes) };
}

/** Throws an ExternalError; with advice when the operator token is refused. */
export async function observeBuckets(request: BucketsRequest): Promise<BucketsSight> {
  const { influx, operatorToken, settings, signal } = request;
  const held = await withOperatorAdvice(influx.url, async () => {
    const all = await influx.listAuthorizations(operatorToken, undefined, signal);
    return inParallel(
      modes,
      async (mode, both) => {
        const org = await influx.findOrg(operatorToken, modeFacts[mode].org, both);
        return lookAtMode({ ...request, signal: both }, mode, org, all);
      },
      signal,
    );
  });
  const heldOf = (mode: Mode): Held => held[modes.indexOf(mode)] ?? nothingHeld;
  const sights = await inParallel(
    modes,
    async (mode, both): Promise<ModeSight> => {
      const { storedToken, retentionSeconds } = settings[mode];
      const sight = { mode, ...heldOf(mode), retentionSeconds, probes: [] };
      const own = namesNow(heldOf(mode));
      if (storedToken === undefined) return { ...sight, tokenFaults: undefined };
      if (own === undefined || !request.modes.includes(mode)) return { ...sight, tokenFaults: [] };
      const other = namesNow(heldOf(otherMode(mode)));
      const { probes, faults } = await probeToken({ influx, signal: both }, storedToken, own, other);
      return { ...sight, probes, tokenFaults: faults };
    },
    signal,
  );
  const sightOf = (mode: Mode): ModeSight => {
    const sight = sights[modes.indexOf(mode)];
    if (sight === undefined) throw new BugError(`Nothing was seen of ${mode} mode.`);
    return sight;
  };
  return { test: sightOf('test'), production: sightOf('production') };
}
