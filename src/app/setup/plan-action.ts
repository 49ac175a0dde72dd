/** Plans for the small actions: they are runs like any other, with a step or two. */

import type { Plan, PlannedStep, StepId } from '../../core/plan/plan.ts';
import type { Ports } from '../../ports/ports.ts';
import { noDeployment } from '../no-deployment.ts';
import { findStep } from '../worker/steps.ts';
import { type Drafting, firstChoices } from './drafting.ts';
import { startRun } from './start-run.ts';

export type Action =
  /** Without services: all that run. */
  | {
      readonly kind: 'stop';
      readonly services?: readonly string[];
      /** Full names; deleted once everything has stopped. */
      readonly deleteVolumes?: readonly string[];
    }
  | { readonly kind: 'restart' | 'start' | 'recreate'; readonly services: readonly string[] };

/** Containers that are made anew take the settings as they are now: those are audited first, as before every start. */
function stepsOf(action: Action): readonly StepId[] {
  if (action.kind === 'recreate') return ['audit', 'recreate'];
  const deletes = action.kind === 'stop' && action.deleteVolumes !== undefined;
  return deletes ? ['stop', 'delete-volumes'] : [action.kind];
}

/** The deployment's recorded mode with its document, and a plan of the steps. */
async function planAction(ports: Ports, drafting: Drafting, action: Action) {
  const [record, envText] = await Promise.all([ports.files.readRecord(), ports.files.readEnv()]);
  if (record === undefined || envText === undefined) throw noDeployment(ports.files.folder);
  const { plan } = await drafting.draft(firstChoices(record.mode));
  // What a switch or a set-up would change is not what this run does.
  const { from: _from, changes: _changes, onTheWay: _onTheWay, expectedMs: _expectedMs, ...kept } = plan;
  const deleteVolumes = action.kind === 'stop' ? action.deleteVolumes : undefined;
  const bare: Plan = {
    ...kept,
    project: record.project,
    changedKeys: [],
    ...(action.services === undefined ? {} : { targets: action.services }),
    ...(deleteVolumes === undefined ? {} : { deleteData: deleteVolumes }),
  };
  const steps: readonly PlannedStep[] = stepsOf(action).flatMap(id => {
    const step = findStep(id);
    return step === undefined ? [] : [{ id, title: step.title(bare), done: false }];
  });
  return { plan: { ...bare, steps }, mode: record.mode, envText };
}

/** Starts the run of the action; resolves to its id. */
export async function startAction(ports: Ports, drafting: Drafting, action: Action): Promise<string> {
  return startRun(ports, await planAction(ports, drafting, action));
}
