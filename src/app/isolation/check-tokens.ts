/** Whether every token that a running container holds is limited to the buckets of the mode. Writes nothing. */

import { describeFaults, wantedBuckets } from '../../core/buckets/access-matrix.ts';
import { findTokensInUse } from '../../core/isolation/tokens-in-use.ts';
import type { VerificationProblem } from '../../core/isolation/verification.ts';
import { type Mode, otherMode } from '../../core/mode/mode.ts';
import type { Container } from '../../ports/engine.ts';
import type { Influx } from '../../ports/influxdb.ts';
import { probeToken } from '../buckets/observe-buckets.ts';

export type TokensRequest = {
  readonly influx: Influx;
  readonly mode: Mode;
  readonly containers: readonly Container[];
  /** Tokens to look for in every variable: the operator's and those of both modes. */
  readonly known: readonly string[];
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

/** Each different token is tried on every bucket of both modes. Throws an ExternalError when InfluxDB does not answer. */
export async function checkTokens(request: TokensRequest): Promise<TokensSeen> {
  const { influx, mode, signal } = request;
  const tokens = findTokensInUse(request.containers.filter(hasProcess), request.known);
  const problems: VerificationProblem[] = [];
  let probeCount = 0;
  const own = wantedBuckets(mode);
  const other = wantedBuckets(otherMode(mode));
  for (const { token, places } of tokens) {
    const isOperator = (await influx.tokenStanding(token, signal)) === 'operator';
    const { probes, faults } = await probeToken({ influx, ...(signal && { signal }) }, token, own, other);
    probeCount += probes.length;
    if (faults.length === 0 && !isOperator) continue;
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
