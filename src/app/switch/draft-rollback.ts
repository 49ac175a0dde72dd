/** The way back of a switch: the mode that is left, exactly as its `.env` says when the switch is planned. */

import { modeOfDocument } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import { fitMemory } from '../../core/memory/memory-fit.ts';
import type { Plan, StepId } from '../../core/plan/plan.ts';
import { planServices, toMemoryItems } from '../../core/plan/plan-services.ts';
import type { RunDocuments, RunRollback } from '../../core/run/run-request.ts';
import { type Stack, servicesOfMode } from '../../core/stack/stack.ts';
import type { Ports } from '../../ports/ports.ts';
import { recallStack } from '../known-stack.ts';
import { estimateStack } from '../memory/estimate-stack.ts';
import { plannedSteps } from '../setup/observe-steps.ts';
import type { ResolveStack } from '../setup/resolve-stack.ts';
import { findStep } from '../worker/steps.ts';

type PlannedSwitch = { readonly plan: Plan; readonly documents: RunDocuments };

const stoppedSteps: readonly StepId[] = ['documents', 'leave', 'settings', 'stop'];

/** To what was before: where nothing of the left mode ran, what the switch started is stopped again. */
async function wayBack(ports: Ports, plan: Plan, stack: Stack): Promise<Pick<Plan, 'steps' | 'targets'>> {
  const running = new Set(
    (await ports.engine.containers(plan.project))
      .filter(({ state }) => state === 'running' || state === 'paused' || state === 'restarting')
      .flatMap(({ service }) => service ?? []),
  );
  const ofMode = servicesOfMode(stack, plan.mode);
  if (ofMode.some(({ name, bound }) => bound && running.has(name))) return { steps: plannedSteps(plan) };
  const steps = stoppedSteps.flatMap(id => {
    const step = findStep(id);
    return step === undefined ? [] : [{ id, title: step.title(plan), done: false }];
  });
  // What serves both modes and ran all the same goes on.
  return { steps, targets: ofMode.flatMap(({ name }) => (running.has(name) ? [] : [name])) };
}

/** The stack as `.env` has it, whose values are given: nothing but the names and the sizes of its services is needed. */
const activeStack = async (
  ports: Ports,
  values: Readonly<Record<string, string>>,
  resolve: ResolveStack,
): Promise<Stack> => (await recallStack(ports)) ?? resolve(values);

/** Has the stack as it is now resolved, which `draftRollback` will ask for; tells no failure. */
export async function foreseeRollback(ports: Ports, resolve: ResolveStack): Promise<void> {
  try {
    const text = await ports.files.readEnv();
    if (text !== undefined) await activeStack(ports, documentValues(parseEnv(text)), resolve);
  } catch {
    // Asked again when it is needed, and then it is told.
  }
}

/** Undefined when the plan leaves no mode, or when the left mode has no settings to go back to. */
export async function draftRollback(
  ports: Ports,
  { plan, documents }: PlannedSwitch,
  resolve: ResolveStack,
): Promise<RunRollback | undefined> {
  const { from: mode } = plan;
  if (mode === undefined) return undefined;
  const seen = documents.envSeen?.text;
  const isActive = seen !== undefined && modeOfDocument(parseEnv(seen)) === mode;
  const envText = isActive ? seen : await ports.files.readModeEnv(mode);
  if (envText === undefined) return undefined;
  const values = documentValues(parseEnv(envText));
  const resolved = isActive ? activeStack(ports, values, resolve) : resolve(values);
  const { stack } = await estimateStack(ports, await resolved, mode);
  const services = planServices(stack, mode, values);
  const bare: Plan = {
    version: 1,
    mode,
    from: plan.mode,
    level: plan.level,
    project: stack.project,
    folder: plan.folder,
    services,
    memory: fitMemory(toMemoryItems(services), plan.memory.budgetMiB),
    source: plan.source,
    changedKeys: [],
    steps: [],
  };
  return { mode, plan: { ...bare, ...(await wayBack(ports, bare, stack)) }, documents: { envText } };
}
