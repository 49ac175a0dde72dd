/** How InfluxDB stands for the modes, as one JSON document. Without secrets and without ids of buckets. */

import { type BucketsReport, isolationLimit } from '../../core/buckets/buckets-report.ts';
import type { RunState } from '../../core/run/reduce-run.ts';

const saidOf = (isAllowed: boolean): 'allowed' | 'denied' => (isAllowed ? 'allowed' : 'denied');

function describeRun(run: RunState) {
  const failed = run.steps.find(({ error }) => error !== undefined)?.error;
  return {
    id: run.runId,
    outcome: run.status,
    changed: run.changed ?? false,
    steps: run.steps.map(({ id, summary, changed }) => ({ id, changed: changed ?? false, summary })),
    ...(failed === undefined ? {} : { error: failed }),
  };
}

/** The shape is versioned; fields are only ever added. `run` is there when something was to be made right. */
export function bucketsDocument(report: BucketsReport, run?: RunState) {
  return {
    version: 1,
    ok: report.faults.length === 0,
    influxdb: { url: report.url, version: report.version ?? null },
    ...(run === undefined ? {} : { run: describeRun(run) }),
    modes: report.modes.map(({ mode, org, hasOrg, buckets, isTokenRight, probes }) => ({
      mode,
      org: { name: org, exists: hasOrg },
      buckets: buckets.map(({ name, exists, retentionSeconds, wantedRetentionSeconds }) => ({
        name,
        exists,
        /** 0: for ever; null: it does not exist. */
        retentionSeconds: retentionSeconds ?? null,
        wantedRetentionSeconds,
      })),
      token: { right: isTokenRight },
      probes: probes.flatMap(({ target, access }) =>
        (['read', 'write'] as const).map(right => ({
          org: target.org,
          bucket: target.bucket,
          right,
          expected: target.expected,
          seen: saidOf(access[right]),
        })),
      ),
    })),
    faults: report.faults.map(({ code, mode, message, nextSteps }) => ({
      code,
      ...(mode === undefined ? {} : { mode }),
      message,
      nextSteps,
    })),
    limits: [isolationLimit],
  } as const;
}
