/** Whether the first screen asks about a run that broke off. */

import type { Level } from '../../core/plan/plan.ts';
import { leftOutByPlan } from '../../core/plan/plan-services.ts';
import type { PastRun } from '../../core/run/run-history.ts';
import { listFirstWays, listWays, type WayOn } from '../../core/run/ways-on.ts';
import type { DeploymentRecord } from '../../ports/deployment-files.ts';
import type { Ports } from '../../ports/ports.ts';
import { findInterrupted } from './past-runs.ts';

type Question = {
  readonly run: PastRun;
  readonly ways: readonly WayOn[];
  /** The services that the run left out. */
  readonly leftOut: readonly string[];
};

/** Undefined when nothing broke off that anybody has to decide about. */
export async function findQuestion(
  journals: Pick<Ports, 'runs' | 'lock'>,
  record: DeploymentRecord | undefined,
  level: Level,
): Promise<Question | undefined> {
  const run = await findInterrupted(journals);
  // Without a record only the journal knows the level: one of another level is not what is asked for here.
  if (run === undefined || (record === undefined && run.plan.level !== level)) return undefined;
  const ways = record === undefined ? listFirstWays(run) : listWays(run);
  return ways.length === 0 ? undefined : { run, ways, leftOut: leftOutByPlan(run.plan) };
}
