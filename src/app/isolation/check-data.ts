/** Whether points arrive in this mode's bucket, and none in the other mode's. Only asks. */

import type { VerificationProblem } from '../../core/isolation/verification.ts';
import { type Mode, modeFacts, otherMode } from '../../core/mode/mode.ts';
import { findOtherModeWriters } from '../../core/status/other-mode-writers.ts';
import type { Container } from '../../ports/engine.ts';
import type { Influx } from '../../ports/influxdb.ts';
import { type DataFlow, queryDataFlow, queryWriters } from '../buckets/data-flow.ts';

export type DataRequest = {
  readonly influx: Influx;
  readonly mode: Mode;
  /** The mode's own token; undefined: it has none yet. */
  readonly token: string | undefined;
  /** One that reads the other mode's buckets: the operator's. Undefined: there is none here. */
  readonly operatorToken: string | undefined;
  readonly otherToken: string | undefined;
  readonly project: string;
  /** Of every project of the machine: asked only to name who writes where nobody should. */
  readonly listContainers: () => Promise<readonly Container[]>;
  readonly windowSeconds: number;
  readonly signal?: AbortSignal;
};

type Seen = { readonly summary: string; readonly problems: readonly VerificationProblem[] };

const pointsIn = ({ pointsPerMinute }: DataFlow, windowSeconds: number): number =>
  Math.round((pointsPerMinute * windowSeconds) / 60);

/** Throws an ExternalError when InfluxDB does not answer or refuses. */
export async function checkOwnData(request: DataRequest): Promise<Seen> {
  const { influx, mode, token, windowSeconds, signal } = request;
  const { org, mainBucket } = modeFacts[mode];
  if (token === undefined) {
    return {
      summary: 'not looked at',
      problems: [
        {
          text: `${mode} mode has no token of InfluxDB yet.`,
          mend: `Make one: homeiq buckets --mode ${mode}`,
        },
      ],
    };
  }
  const flow = await queryDataFlow(influx, token, org, mainBucket, windowSeconds, signal);
  const points = pointsIn(flow, windowSeconds);
  const summary = `${points} points into ${mainBucket} in ${windowSeconds} s`;
  if (points > 0) return { summary, problems: [] };
  return {
    summary,
    problems: [
      {
        text: `No point arrived in ${mainBucket} in the last ${windowSeconds} s.`,
        mend: 'homeiq status names the services that are not well; their logs say why: homeiq logs --level error',
      },
    ],
  };
}

/** The other mode's buckets that exist, with their org. */
async function findOtherBuckets(
  { influx, signal }: DataRequest,
  operatorToken: string,
  other: Mode,
): Promise<readonly string[]> {
  const { org: name, buckets } = modeFacts[other];
  const org = await influx.findOrg(operatorToken, name, signal);
  if (org === undefined) return [];
  const found = await Promise.all(
    buckets.map(bucket => influx.findBucket(operatorToken, org.id, bucket.name, signal)),
  );
  return found.flatMap(bucket => (bucket === undefined ? [] : [bucket.name]));
}

type Stray = { readonly bucket: string; readonly count: number };

/** A sentence for each bucket that something arrived in, with who wrote it as far as that can be found out. */
async function describeStrays(
  request: DataRequest,
  operatorToken: string,
  strays: readonly Stray[],
): Promise<readonly string[]> {
  const { influx, mode, project, otherToken, windowSeconds, signal } = request;
  const other = otherMode(mode);
  const [containers, points] = await Promise.all([
    request.listContainers(),
    Promise.all(
      strays.map(({ bucket }) =>
        queryWriters(influx, operatorToken, modeFacts[other].org, bucket, windowSeconds, signal),
      ),
    ),
  ]);
  return strays.map(({ bucket, count }, index) => {
    const seen = points[index] ?? [];
    const writers = findOtherModeWriters({ points: seen, containers, mode, project, otherToken });
    const measurements = seen.map(({ measurement }) => measurement).join(', ');
    const by =
      writers.length > 0
        ? `written by ${writers.map(({ name, why }) => `${name} (${why})`).join(', ')}`
        : `nobody on this machine is known to write there${measurements === '' ? '' : `; measurement ${measurements}`}`;
    return `${count} points arrived in ${bucket} of ${other} mode in the last ${windowSeconds} s: ${by}.`;
  });
}

/** Throws an ExternalError when InfluxDB does not answer or refuses. */
export async function checkOtherData(request: DataRequest): Promise<Seen> {
  const { influx, mode, operatorToken, windowSeconds, signal } = request;
  const other = otherMode(mode);
  if (operatorToken === undefined) {
    return {
      summary: 'not looked at',
      problems: [
        {
          text: `Without the operator token nobody can say what arrives in the buckets of ${other} mode.`,
          mend: 'homeiq buckets says how it is made anew.',
        },
      ],
    };
  }
  const buckets = await findOtherBuckets(request, operatorToken, other);
  const flows = await Promise.all(
    buckets.map(bucket =>
      queryDataFlow(influx, operatorToken, modeFacts[other].org, bucket, windowSeconds, signal),
    ),
  );
  const strays = buckets
    .map((bucket, index): Stray => {
      const flow = flows[index];
      return { bucket, count: flow === undefined ? 0 : pointsIn(flow, windowSeconds) };
    })
    .filter(({ count }) => count > 0);
  const total = strays.reduce((sum, { count }) => sum + count, 0);
  const texts = strays.length === 0 ? [] : await describeStrays(request, operatorToken, strays);
  return {
    summary: `${total} points into the ${buckets.length} buckets of ${other} mode in ${windowSeconds} s`,
    problems: texts.map(text => ({
      text,
      mend: 'Stop it, or give it the settings of this mode: homeiq audit and homeiq status name what is wrong.',
    })),
  };
}
