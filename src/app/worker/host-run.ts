/** One run from the lock to its release. Hosted by the detached worker process, or by this process in the rehearsal. */

import { exitCodes, UserError } from '../../core/error.ts';
import type { RunOutcome } from '../../core/run/journal-event.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';
import { type WorkOptions, work } from './work.ts';

/**
 * Takes the lock and opens the journal; resolves to the way to execute the run, which releases the lock whatever happens.
 * Throws a UserError (exit code 3) when another run holds the lock.
 */
export async function openRun(
  ports: Ports,
  request: RunRequest,
): Promise<(options: WorkOptions) => Promise<RunOutcome>> {
  const lock = await ports.lock.take(request.runId);
  if (lock.kind === 'held') {
    throw new UserError(`Another run (${lock.by.runId}, process ${lock.by.pid}) is at work in this folder.`, {
      hint: 'One run at a time. Watch it with: homeiq attach',
      exitCode: exitCodes.refused,
    });
  }
  const journal = await ports.runs.create(request.runId).catch(async thrown => {
    await ports.lock.release();
    throw thrown;
  });
  return async options => {
    try {
      return await work(request, ports, journal, options);
    } finally {
      await ports.lock.release();
    }
  };
}
