/** Deletes exactly the volumes that the operator named, after everything has stopped. */

import { UserError } from '../../core/error.ts';
import { projectContainers } from './containers.ts';
import { type Step, type StepContext, verifyByCheck } from './step.ts';

async function volumesToDelete({ ports, plan, signal }: StepContext): Promise<readonly string[]> {
  const named = plan.deleteData ?? [];
  // Only what carries this project's label: a volume of somebody else is not ours to delete.
  return (await ports.engine.volumes(plan.project, signal)).filter(name => named.includes(name));
}

const check: Step['check'] = async context => {
  const open = await volumesToDelete(context);
  return open.length === 0
    ? { isDone: true, summary: 'they are not there' }
    : { isDone: false, summary: `to be deleted: ${open.join(', ')}` };
};

export const deleteVolumesStep: Step = {
  id: 'delete-volumes',
  title: ({ deleteData = [] }) => `Delete ${deleteData.join(', ')}`,
  check,
  act: async context => {
    const { engine } = context.ports;
    const open = await volumesToDelete(context);
    // A stopped container still holds its volumes; the next start makes it anew.
    for (const container of await projectContainers(context)) {
      if (container.volumes?.some(name => open.includes(name)) !== true) continue;
      context.detail(`removing the container of ${container.service ?? container.name}`);
      await engine.remove(container.id, context.signal);
    }
    for (const name of open) await engine.removeVolume(name, context.signal);
    return `${open.join(', ')} deleted, as you named ${open.length === 1 ? 'it' : 'them'}`;
  },
  verify: verifyByCheck({ check }, summary => new UserError(`After the deletion ${summary}.`)),
};
