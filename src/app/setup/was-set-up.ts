import type { Runs } from '../../ports/runs.ts';

/** Whether a set-up of this deployment ever came to its end. One that was interrupted goes on in the wizard. */
export async function wasSetUp(runs: Runs): Promise<boolean> {
  for (const runId of await runs.list()) {
    const events = await runs.read(runId).catch(() => []);
    const isSetup = events.some(
      event => event.kind === 'run-started' && event.plan.steps.some(({ id }) => id === 'services'),
    );
    const isDone = events.some(event => event.kind === 'run-finished' && event.outcome === 'done');
    if (isSetup && isDone) return true;
  }
  return false;
}
