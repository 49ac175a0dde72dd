/** How long a plan will take, from this folder's own earlier runs. */

import type { Plan } from '../../core/plan/plan.ts';
import { describeRun } from '../../core/run/describe-run.ts';
import { expectedDurationMs } from '../../core/run/expected-duration.ts';
import type { Ports } from '../../ports/ports.ts';
import { listPastRuns } from './past-runs.ts';

/** In ms; undefined without an earlier run of the same kind that had something to do and did it. */
export async function expectedTimeMs(
  ports: Pick<Ports, 'runs' | 'lock'>,
  plan: Plan,
): Promise<number | undefined> {
  const done = (await listPastRuns(ports)).flatMap(run =>
    run.end.kind === 'done' && run.end.changed
      ? [{ kind: describeRun(run.plan), durationMs: run.durationMs }]
      : [],
  );
  return expectedDurationMs(done, describeRun(plan));
}
