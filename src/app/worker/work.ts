/** The worker: the only one who changes anything. Executes a plan step by step and tells the journal. */

import { BugError, reportError, UserError } from '../../core/error.ts';
import type { PlannedStep, StepId } from '../../core/plan/plan.ts';
import type { RunOutcome } from '../../core/run/journal-event.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Journal } from '../../ports/runs.ts';
import type { Step, StepContext } from './step.ts';
import { createStepContext, type WorkerContext } from './step-context.ts';
import { findStep } from './steps.ts';
import { summariseRun } from './summarise-run.ts';

/** Runs one step. Returns whether it changed anything; throws what the step threw. */
async function runStep(
  step: Step,
  context: StepContext,
  { title, checkOnly }: PlannedStep,
): Promise<boolean> {
  const startedMs = context.ports.clock.now().getTime();
  const finish = (changed: boolean, summary: string) =>
    context.emit({
      kind: 'step-finished',
      step: step.id,
      changed,
      summary,
      // The clock of the machine may be set back meanwhile.
      durationMs: Math.max(0, context.ports.clock.now().getTime() - startedMs),
    });
  await context.emit({ kind: 'step-started', step: step.id });
  const seen = await step.check(context);
  if (seen.isDone) {
    await finish(false, seen.summary);
    return false;
  }
  if (checkOnly === true) {
    const { mode } = context.request;
    throw new UserError(`${title}: ${seen.summary}.`, {
      hint: 'A start only brings up what is there.',
      nextSteps: [`Make what is missing: homeiq setup --mode ${mode} --yes`],
    });
  }
  const summary = await step.act(context);
  await step.verify(context);
  await finish(true, summary);
  return true;
}

export type WorkOptions = {
  /** Of the process that hosts the worker. */
  readonly pid: number;
  readonly signal: AbortSignal;
  /** The real steps unless given. */
  readonly stepOf?: typeof findStep;
};

type PlanEnd = {
  readonly outcome: 'done' | 'failed' | 'stopped';
  readonly changed: boolean;
  /** The step that it ended at. */
  readonly at: StepId | undefined;
  readonly context: WorkerContext;
};

/** The steps of one plan, to the end or to the first that fails. */
async function runPlan(
  request: RunRequest,
  ports: Ports,
  journal: Journal,
  { signal, stepOf = findStep }: WorkOptions,
): Promise<PlanEnd> {
  const context = createStepContext(request, ports, journal, signal);
  let changed = false;
  let at: StepId | undefined;
  try {
    for (const planned of request.plan.steps) {
      signal.throwIfAborted();
      at = planned.id;
      const step = stepOf(planned.id);
      if (step === undefined) throw new BugError(`No step ${planned.id}`);
      changed = (await runStep(step, context, planned)) || changed;
    }
  } catch (thrown) {
    await context.settled();
    const outcome = signal.aborted ? 'stopped' : 'failed';
    if (outcome === 'failed' && at !== undefined) {
      await journal.append({ kind: 'step-failed', step: at, error: reportError(thrown) });
    }
    return { outcome, changed, at, context };
  }
  await context.settled();
  return { outcome: 'done', changed, at, context };
}

/** Before the other mode is left nothing has to be taken back. */
const hasLeft = ({ plan }: RunRequest, at: StepId | undefined): boolean => {
  const ids = plan.steps.map(({ id }) => id);
  const left = ids.indexOf('leave');
  return left !== -1 && at !== undefined && ids.indexOf(at) >= left;
};

/**
 * Executes the plan of `request`. What a step did stays done when a later one fails or `signal` aborts; a failed switch
 * that has a way back goes it here, in the same run. Never throws for a step's failure: the journal has it.
 */
export async function work(
  request: RunRequest,
  ports: Ports,
  journal: Journal,
  options: WorkOptions,
): Promise<RunOutcome> {
  await journal.append({ kind: 'run-started', runId: request.runId, pid: options.pid, plan: request.plan });
  const end = await runPlan(request, ports, journal, options);
  if (end.outcome === 'done') {
    const summary = await summariseRun(end.context);
    await journal.append({
      kind: 'run-finished',
      outcome: 'done',
      changed: end.changed,
      ...(summary === undefined ? {} : { summary }),
    });
    return 'done';
  }
  let { outcome, changed }: { outcome: RunOutcome; changed: boolean } = end;
  const { rollback, runId } = request;
  if (outcome === 'failed' && rollback !== undefined && hasLeft(request, end.at)) {
    const { plan, mode, documents } = rollback;
    await journal.append({ kind: 'rollback-started', plan });
    const back = await runPlan({ ...documents, runId, plan, mode }, ports, journal, options);
    outcome = back.outcome === 'done' ? 'rolled-back' : back.outcome;
    changed = changed || back.changed;
  }
  await journal.append({ kind: 'run-finished', outcome, changed });
  return outcome;
}
