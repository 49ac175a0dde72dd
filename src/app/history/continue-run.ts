/** Continues what was interrupted: the same command again, from what is true now. */

import { purposeOf } from '../../core/run/describe-run.ts';
import type { PastRun } from '../../core/run/run-history.ts';
import { modeToGoBackTo, type WayOn } from '../../core/run/ways-on.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Drafting, firstChoices } from '../setup/drafting.ts';
import type { DraftingOptions } from '../setup/drafting-options.ts';
import { startAction } from '../setup/plan-action.ts';
import { startRecorded } from '../setup/plan-start.ts';
import { refuseUnsafe } from '../setup/refuse-unsafe.ts';
import { documentsOf, startRun } from '../setup/start-run.ts';

type Deployment = {
  readonly ports: Ports;
  readonly drafting: Drafting;
  readonly options: DraftingOptions;
};

/** Starts the run; resolves to its id. Throws a UserError when it is not safe now. */
export async function continueRun(
  { ports, drafting, options }: Deployment,
  run: PastRun,
  way: Exclude<WayOn, 'look'>,
): Promise<string> {
  const { plan } = run;
  const purpose = purposeOf(plan);
  if (purpose === 'start') return startRecorded(ports, options);
  if (purpose === 'stop') return startAction(ports, drafting, { kind: 'stop' });
  const mode = (way === 'go-back' ? modeToGoBackTo(run) : undefined) ?? plan.mode;
  // The operator has taken the risk for the interrupted run, or it would not have begun.
  const acceptMemoryRisk = mode === plan.mode && plan.memory.verdict === 'does-not-fit';
  const draft = await drafting.draft({ ...firstChoices(mode), acceptMemoryRisk });
  refuseUnsafe(draft, { acceptMemoryRisk });
  return startRun(ports, { ...documentsOf(draft), plan: draft.plan, mode });
}
