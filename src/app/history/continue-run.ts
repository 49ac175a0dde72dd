/** Continues what was interrupted: the same command again, from what is true now. */

import { leftOutByPlan } from '../../core/plan/plan-services.ts';
import { purposeOf } from '../../core/run/describe-run.ts';
import type { PastRun } from '../../core/run/run-history.ts';
import { modeToGoBackTo, type WayOn } from '../../core/run/ways-on.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Drafting, firstChoices } from '../setup/drafting.ts';
import type { DraftingOptions } from '../setup/drafting-options.ts';
import { startAction } from '../setup/plan-action.ts';
import { startRecorded } from '../setup/plan-start.ts';
import { findMemoryRefusal, refuseUnsafe } from '../setup/refuse-unsafe.ts';
import { documentsOf, startRun } from '../setup/start-run.ts';
import type { Choices } from '../wizard/wizard-types.ts';

type Deployment = {
  readonly ports: Ports;
  readonly drafting: Drafting;
  readonly options: DraftingOptions;
};

/**
 * What was chosen for a run that had not written it yet. Consent to delete data is not among it: that is given by name,
 * each time.
 */
async function unwrittenChoices({ runs }: Ports, { runId, plan }: PastRun): Promise<Partial<Choices>> {
  const isWritten = (await runs.read(runId)).some(
    event => event.kind === 'step-finished' && (event.step === 'documents' || event.step === 'settings'),
  );
  return {
    ...(isWritten ? {} : { leftOut: leftOutByPlan(plan) }),
    fetchSource: plan.source.kind === 'clone',
  };
}

/** Starts the run; resolves to its id. Throws a UserError when it is not safe now. */
export async function continueRun(
  { ports, drafting, options }: Deployment,
  run: PastRun,
  way: Extract<WayOn, 'continue' | 'go-back'>,
): Promise<string> {
  const { plan } = run;
  const purpose = purposeOf(plan);
  if (purpose === 'start') return startRecorded(ports, options);
  if (purpose === 'stop') return startAction(ports, drafting, { kind: 'stop' });
  const mode = (way === 'go-back' ? modeToGoBackTo(run) : undefined) ?? plan.mode;
  // The operator has taken the risk for the interrupted run, or it would not have begun.
  const isSame = mode === plan.mode;
  const acceptMemoryRisk = isSame && findMemoryRefusal(plan, { acceptMemoryRisk: false }) !== undefined;
  const kept = isSame ? await unwrittenChoices(ports, run) : {};
  const draft = await drafting.draft({ ...firstChoices(mode), ...kept, acceptMemoryRisk });
  refuseUnsafe(draft, { acceptMemoryRisk });
  return startRun(ports, { ...documentsOf(draft), plan: draft.plan, mode });
}
