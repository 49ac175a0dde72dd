/** Plans for the small actions: they are runs like any other, with one step. */

import { exitCodes, UserError } from '../../core/error.ts';
import type { Plan, PlannedStep } from '../../core/plan/plan.ts';
import type { Ports } from '../../ports/ports.ts';
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
  | { readonly kind: 'restart' | 'start'; readonly services: readonly string[] };

/** The deployment's recorded mode with its document, and a plan of the one step. */
async function planAction(ports: Ports, drafting: Drafting, action: Action) {
  const [record, envText] = await Promise.all([ports.files.readRecord(), ports.files.readEnv()]);
  if (record === undefined || envText === undefined) {
    throw new UserError(`There is no deployment in ${ports.files.folder}.`, {
      nextSteps: ['Set one up: homeiq', 'Or name its folder: homeiq --dir FOLDER'],
      exitCode: exitCodes.nothingToAttach,
    });
  }
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
  const ids = [action.kind, ...(deleteVolumes === undefined ? [] : (['delete-volumes'] as const))];
  const steps: readonly PlannedStep[] = ids.flatMap(id => {
    const step = findStep(id);
    return step === undefined ? [] : [{ id, title: step.title(bare), done: false }];
  });
  return { plan: { ...bare, steps }, mode: record.mode, envText };
}

/** Starts the run of the action; resolves to its id. */
export async function startAction(ports: Ports, drafting: Drafting, action: Action): Promise<string> {
  return startRun(ports, await planAction(ports, drafting, action));
}
