/** A change of the settings alone: a run of one step, under the lock, with a backup of what it replaces. */

import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { RunDocuments } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Drafting, firstChoices } from '../setup/drafting.ts';
import { documentsOf, startRun } from '../setup/start-run.ts';

/** Resolves to the id of the run. Services go on with the settings they were started with. */
export async function startEnvRun(
  ports: Ports,
  drafting: Drafting,
  request: RunDocuments & { readonly mode: Mode; readonly changedKeys: readonly string[] },
): Promise<string> {
  const { mode, changedKeys } = request;
  const {
    from: _from,
    changes: _changes,
    onTheWay: _onTheWay,
    ...plan
  } = (await drafting.draft(firstChoices(mode))).plan;
  const { COMPOSE_PROJECT_NAME: project = plan.project } = documentValues(parseEnv(request.envText));
  const steps = plan.steps.filter(({ id }) => id === 'settings').map(step => ({ ...step, done: false }));
  return startRun(ports, { ...documentsOf(request), mode, plan: { ...plan, project, changedKeys, steps } });
}
