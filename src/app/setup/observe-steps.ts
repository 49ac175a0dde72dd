/** Which steps of a plan are already true: their own checks, asked on the live system. */

import type { Plan, PlannedStep, StepId } from '../../core/plan/plan.ts';
import type { RunDocuments, RunRequest } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { homeAssistantService } from '../worker/home-assistant-step.ts';
import { createStepContext } from '../worker/step-context.ts';
import { findStep, setupSteps, switchSteps } from '../worker/steps.ts';

/** A probe that has not answered by then counts as not done. */
const probeLimitMs = 15_000;

/** A Home Assistant that is left out is not waited for. */
const isLeftOut = (id: StepId, { services }: Plan): boolean =>
  id === 'home-assistant' && services.some(({ name, start }) => name === homeAssistantService && !start);

const stepsOf = (plan: Plan) =>
  (plan.from === undefined ? setupSteps(plan.mode) : switchSteps(plan.mode))
    .filter(id => !isLeftOut(id, plan))
    .map(findStep);

/** The steps to the plan's mode, all of them still open. */
export const plannedSteps = (plan: Plan): readonly PlannedStep[] =>
  stepsOf(plan).flatMap(step =>
    step === undefined ? [] : [{ id: step.id, title: step.title(plan), done: false }],
  );

/** Only looks. A check that cannot see (no engine, nothing written yet) leaves its step open. */
export async function observeSteps(
  ports: Ports,
  plan: Plan,
  documents: RunDocuments,
): Promise<readonly PlannedStep[]> {
  const request: RunRequest = { ...documents, runId: 'plan', plan, mode: plan.mode };
  const context = createStepContext(
    request,
    ports,
    { runId: 'plan', append: async () => {} },
    AbortSignal.timeout(probeLimitMs),
  );
  const steps = stepsOf(plan);
  // What a switch does from `leave` on is open whatever is there now: its containers are of the other mode.
  const lastSeen = plan.from === undefined ? steps.length : steps.findIndex(step => step?.id === 'leave');
  // Before anything is written nothing else can be true, and there is nothing to ask.
  const isWritten = (await ports.files.readEnv().catch(() => undefined)) !== undefined;
  const done = await Promise.all(
    steps.map(async (step, index) => {
      if (step === undefined || !isWritten || index >= lastSeen) return false;
      const seen = await step.check(context).catch(() => undefined);
      return seen?.isDone === true;
    }),
  );
  const isSettled = done[steps.findIndex(step => step?.id === 'settings')] === true;
  return steps.flatMap((step, index) => {
    if (step === undefined) return [];
    // Services that run with other settings than the wanted ones are not what is wanted.
    const dependsOnSettings = step.id === 'services' || step.id === 'verify';
    const isDone = done[index] === true && (isSettled || !dependsOnSettings);
    return [{ id: step.id, title: step.title(plan), done: isDone }];
  });
}
