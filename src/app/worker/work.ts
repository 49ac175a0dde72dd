/** The worker: the only one who changes anything. Executes a plan step by step and tells the journal. */

import { BugError, reportError } from '../../core/error.ts';
import type { StepId } from '../../core/plan/plan.ts';
import type { RunOutcome } from '../../core/run/journal-event.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Journal } from '../../ports/runs.ts';
import type { Step, StepContext } from './step.ts';
import { createStepContext } from './step-context.ts';
import { findStep } from './steps.ts';
import { summariseRun } from './summarise-run.ts';

/** Runs one step. Returns whether it changed anything; throws what the step threw. */
async function runStep(step: Step, context: StepContext): Promise<boolean> {
  const startedMs = context.ports.clock.now().getTime();
  const finish = (changed: boolean, summary: string) =>
    context.emit({
      kind: 'step-finished',
      step: step.id,
      changed,
      summary,
      durationMs: context.ports.clock.now().getTime() - startedMs,
    });
  await context.emit({ kind: 'step-started', step: step.id });
  const seen = await step.check(context);
  if (seen.isDone) {
    await finish(false, seen.summary);
    return false;
  }
  const summary = await step.act(context);
  await step.verify(context);
  await finish(true, summary);
  return true;
}

/**
 * Executes the plan of `request`. What a step did stays done when a later one fails or `signal` aborts.
 * Never throws for a step's failure: the journal has it. `pid` names the process that hosts the worker.
 */
export async function work(
  request: RunRequest,
  ports: Ports,
  journal: Journal,
  options: { readonly pid: number; readonly signal: AbortSignal },
): Promise<RunOutcome> {
  const context = createStepContext(request, ports, journal, options.signal);
  await journal.append({ kind: 'run-started', runId: request.runId, pid: options.pid, plan: request.plan });
  let changed = false;
  let current: StepId | undefined;
  try {
    for (const planned of request.plan.steps) {
      options.signal.throwIfAborted();
      current = planned.id;
      const step = findStep(planned.id);
      if (step === undefined) throw new BugError(`No step ${planned.id}`);
      changed = (await runStep(step, context)) || changed;
    }
  } catch (thrown) {
    await context.settled();
    const outcome: RunOutcome = options.signal.aborted ? 'stopped' : 'failed';
    if (outcome === 'failed' && current !== undefined) {
      await journal.append({ kind: 'step-failed', step: current, error: reportError(thrown) });
    }
    await journal.append({ kind: 'run-finished', outcome, changed });
    return outcome;
  }
  await context.settled();
  const summary = await summariseRun(context);
  await journal.append({
    kind: 'run-finished',
    outcome: 'done',
    changed,
    ...(summary === undefined ? {} : { summary }),
  });
  return 'done';
}
