/** How InfluxDB stands for the modes, with every fault by its name. Only looks, and never throws for what it sees. */

import { findModeFaults } from '../../core/buckets/bucket-faults.ts';
import type {
  BucketsFault,
  BucketsFaultCode,
  BucketsReport,
  ModeReport,
} from '../../core/buckets/buckets-report.ts';
import { recoverySteps } from '../../core/buckets/recovery.ts';
import { adviseOperatorToken, classifyRefusal, type Refusal } from '../../core/buckets/refusal.ts';
import { ExternalError, reportError } from '../../core/error.ts';
import { type Mode, modeFacts } from '../../core/mode/mode.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';
import type { Influx, InfluxIdentity } from '../../ports/influxdb.ts';
import { type BucketsCheck, checkBuckets } from './ensure-buckets.ts';
import {
  describeInvalidRetention,
  type ModeDocument,
  readModeDocument,
  storedToken,
  wantedRetention,
} from './mode-documents.ts';
import { isPassing, refuseIdentity } from './wait-for-influxdb.ts';

export type InspectRequest = {
  readonly influx: Influx;
  readonly files: DeploymentFiles;
  readonly modes: readonly Mode[];
  readonly signal?: AbortSignal;
};

type Answer = { readonly version: string | undefined; readonly faults: readonly BucketsFault[] };

const repair = 'homeiq buckets does it.';

const refusalCodes: Readonly<Record<Refusal, BucketsFaultCode>> = {
  'unknown-token': 'operator-token-unknown',
  'inactive-token': 'operator-token-inactive',
  'no-right': 'operator-token-limited',
};

const operatorFault = (refusal: Refusal, url: string): BucketsFault => {
  const { message, hint, nextSteps } = adviseOperatorToken(refusal, url);
  return { code: refusalCodes[refusal], message: `${message} ${hint}`, nextSteps };
};

/** What a call threw, as a fault. Throws on what is no answer of a server. */
function faultOfFailure(thrown: unknown, url: string): BucketsFault {
  if (!(thrown instanceof ExternalError)) throw thrown;
  const { message, hint, nextSteps } = reportError(thrown);
  const said = `${message}${/[.!?]$/.test(message) ? '' : '.'}${hint === undefined ? '' : ` ${hint}`}`;
  if (isPassing(thrown))
    return { code: 'not-ready', message: said, nextSteps: ['Try again in a moment.', ...nextSteps] };
  const refusal = thrown.code === undefined ? undefined : classifyRefusal(thrown.status, thrown.tail);
  if (refusal !== undefined) return operatorFault(refusal, url);
  return {
    code: 'unexpected-answer',
    message: said,
    nextSteps: [`See what answers there: curl -i ${url}/ping`, ...nextSteps],
  };
}

const identityCodes: Readonly<Record<Exclude<InfluxIdentity['kind'], 'influxdb2'>, BucketsFaultCode>> = {
  'not-ready': 'not-ready',
  influxdb1: 'influxdb-1',
  influxdb3: 'influxdb-3',
  cloud: 'influxdb-cloud',
  other: 'other-program',
};

/** Whether an InfluxDB 2 that is set up answers; its version, or the fault. */
async function lookAtServer({ influx, signal }: InspectRequest): Promise<Answer> {
  const identity = await influx.identify(signal);
  if (identity.kind === 'not-ready') {
    return {
      version: undefined,
      faults: [
        {
          code: 'not-ready',
          message: `InfluxDB at ${influx.url} is not ready: ${identity.seen}.`,
          nextSteps: ['homeiq buckets starts it and waits for it.', 'Its log: docker compose logs influxdb'],
        },
      ],
    };
  }
  if (identity.kind !== 'influxdb2') {
    const { message, hint, nextSteps } = refuseIdentity(influx.url, identity);
    const code = identityCodes[identity.kind];
    return { version: undefined, faults: [{ code, message: `${message} ${hint ?? ''}`.trim(), nextSteps }] };
  }
  const { version } = identity;
  if (!(await influx.isSetupAllowed(signal))) return { version, faults: [] };
  const message = `InfluxDB ${version} at ${influx.url} is not set up: it has no user and no organization.`;
  return {
    version,
    faults: [
      {
        code: 'not-set-up',
        message,
        nextSteps: [repair, 'If it held data before: is its volume the right one?'],
      },
    ],
  };
}

const missingToken: BucketsFault = {
  code: 'operator-token-missing',
  message: 'The operator token of InfluxDB is missing in .homeiq/secrets.',
  nextSteps: recoverySteps,
};

function reportMode(mode: Mode, { sight, decisions }: BucketsCheck): ModeReport {
  const { org, buckets, probes, tokenFaults, retentionSeconds } = sight[mode];
  const facts = modeFacts[mode];
  const actions = decisions.get(mode)?.actions ?? [];
  return {
    mode,
    org: facts.org,
    hasOrg: org?.name === facts.org,
    buckets: facts.buckets.map(({ name }) => {
      const found = buckets.find(bucket => bucket.name === name);
      return {
        name,
        exists: found !== undefined,
        retentionSeconds: found?.retentionSeconds,
        wantedRetentionSeconds: retentionSeconds,
      };
    }),
    isTokenRight:
      tokenFaults?.length === 0 &&
      probes.length > 0 &&
      !actions.some(({ kind }) => kind === 'create-authorization'),
    probes,
  };
}

function findDocumentFaults(document: ModeDocument): readonly BucketsFault[] {
  const { mode, isActive, keptToken } = document;
  const own = `.homeiq/modes/${mode}.env`;
  return [
    ...(wantedRetention(document) === undefined
      ? [
          {
            code: 'retention-invalid',
            mode,
            message: describeInvalidRetention(document),
            nextSteps: ['Set it to at least an hour, for example 30d; 0 is for ever.'],
          } as const,
        ]
      : []),
    ...(isActive && storedToken(document) !== undefined && keptToken !== storedToken(document)
      ? [
          {
            code: 'token-stored-differently',
            mode,
            message: `The token of ${mode} mode is in .env, and ${keptToken === undefined ? 'not' : 'another one is'} in ${own}.`,
            nextSteps: [`homeiq buckets --mode ${mode} repairs it.`],
          } as const,
        ]
      : []),
  ];
}

/** Asks the server and the files; everything that is wrong is in `faults`. Throws only when files cannot be read. */
export async function inspectBuckets(request: InspectRequest): Promise<BucketsReport> {
  const { influx, files, modes, signal } = request;
  const documents = {
    test: await readModeDocument(files, 'test'),
    production: await readModeDocument(files, 'production'),
  };
  const ofFiles = modes.flatMap(mode => findDocumentFaults(documents[mode]));
  let version: string | undefined;
  const report = (faults: readonly BucketsFault[], more: Partial<BucketsReport> = {}): BucketsReport => ({
    url: influx.url,
    version,
    modes: [],
    ...more,
    faults: [...faults, ...ofFiles],
  });
  try {
    const server = await lookAtServer(request);
    ({ version } = server);
    if (server.faults.length > 0) return report(server.faults);
    const token = await files.readSecret('influxdb-operator-token');
    if (token === undefined) return report([missingToken]);
    const standing = await influx.tokenStanding(token, signal);
    if (standing !== 'operator') {
      const refusal = (
        { unknown: 'unknown-token', inactive: 'inactive-token', limited: 'no-right' } as const
      )[standing];
      return report([operatorFault(refusal, influx.url)]);
    }
    const settings = (mode: Mode) => ({
      storedToken: storedToken(documents[mode]),
      retentionSeconds: wantedRetention(documents[mode]) ?? modeFacts[mode].buckets[0]?.retentionSeconds ?? 0,
    });
    const check = await checkBuckets({
      influx,
      operatorToken: token,
      modes,
      settings: { test: settings('test'), production: settings('production') },
      wishes: { changeRetention: false },
      ...(signal === undefined ? {} : { signal }),
    });
    return report(
      [...check.decisions].flatMap(([mode, decision]) => findModeFaults(mode, decision)),
      { modes: modes.map(mode => reportMode(mode, check)) },
    );
  } catch (thrown) {
    signal?.throwIfAborted();
    return report([faultOfFailure(thrown, influx.url)]);
  }
}
