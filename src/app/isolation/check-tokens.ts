/** Whether every token that a running container holds is limited to the buckets of the mode. Writes nothing. */

import { type AccessFault, describeFaults, wantedBuckets } from '../../core/buckets/access-matrix.ts';
import { findTokensInUse } from '../../core/isolation/tokens-in-use.ts';
import type { VerificationProblem } from '../../core/isolation/verification.ts';
import { type Mode, otherMode } from '../../core/mode/mode.ts';
import type { Container } from '../../ports/engine.ts';
import type { Influx } from '../../ports/influxdb.ts';
import { probeToken } from '../buckets/observe-buckets.ts';
import type { InfluxSecrets } from './influx-secrets.ts';

export type TokensRequest = {
  readonly influx: Influx;
  readonly mode: Mode;
  readonly containers: readonly Container[];
  /** Looked for in every variable, whatever it is called. */
  readonly secrets: InfluxSecrets;
  readonly signal?: AbortSignal;
};

export type TokensSeen = {
  /** Different ones. */
  readonly tokenCount: number;
  /** Variables of containers that hold them. */
  readonly placeCount: number;
  readonly probeCount: number;
  readonly problems: readonly VerificationProblem[];
};

const hasProcess = ({ state }: Container): boolean =>
  state === 'running' || state === 'restarting' || state === 'paused';

/** One mistake is often in many services: the rest is counted. */
const toldPlaces = 3;

function namePlaces(places: readonly string[]): string {
  const told = places.slice(0, toldPlaces).join(', ');
  return places.length > toldPlaces ? `${told} and ${places.length - toldPlaces} more` : told;
}

/** What it may do, before what it may not. */
const worstFirst = (one: AccessFault, other: AccessFault): number =>
  Number(other.kind === 'unexpected') - Number(one.kind === 'unexpected');

/** A token that an operator gave to a service of his own may do less than the mode's. */
const mattersFor = (fault: AccessFault, isOwn: boolean): boolean => isOwn || fault.kind !== 'missing';

/** Each different token is tried on every bucket of both modes. Throws an ExternalError when InfluxDB does not answer. */
export async function checkTokens(request: TokensRequest): Promise<TokensSeen> {
  const { influx, mode, secrets, signal } = request;
  const known = Object.values(secrets).filter(token => token !== undefined);
  const tokens = findTokensInUse(request.containers.filter(hasProcess), known);
  const problems: VerificationProblem[] = [];
  let probeCount = 0;
  const own = wantedBuckets(mode);
  const other = wantedBuckets(otherMode(mode));
  for (const { token, places } of tokens) {
    const isOperator = (await influx.tokenStanding(token, signal)) === 'operator';
    const seen = await probeToken({ influx, ...(signal && { signal }) }, token, own, other);
    probeCount += seen.probes.length;
    const faults = seen.faults.toSorted(worstFirst);
    if (!isOperator && !faults.some(fault => mattersFor(fault, token === secrets.token))) continue;
    problems.push({
      text: `The token in ${namePlaces(places)} is not that of ${mode} mode alone: ${isOperator ? 'it may do everything in InfluxDB' : describeFaults(faults)}.`,
      mend: `homeiq buckets --mode ${mode} gives the services the right one; homeiq audit says where they get another.`,
    });
  }
  return {
    tokenCount: tokens.length,
    placeCount: tokens.reduce((sum, { places }) => sum + places.length, 0),
    probeCount,
    problems,
  };
}
