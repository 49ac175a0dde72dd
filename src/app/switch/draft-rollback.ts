/** The way back of a switch: the mode that is left, exactly as its `.env` says when the switch is planned. */

import { modeOfDocument } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import { fitMemory } from '../../core/memory/memory-fit.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { planServices, toMemoryItems } from '../../core/plan/plan-services.ts';
import type { RunDocuments, RunRollback } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { plannedSteps } from '../setup/observe-steps.ts';
import type { ResolveStack } from '../setup/resolve-stack.ts';

type PlannedSwitch = { readonly plan: Plan; readonly documents: RunDocuments };

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
  const stack = await resolve(values);
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
  return { mode, plan: { ...bare, steps: plannedSteps(bare) }, documents: { envText } };
}
