/** `homeiq worker`: the detached process that executes one run. Started by this program only; the request comes on stdin. */

import { openRun } from '../app/worker/host-run.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import type { RunRequest } from '../core/run/run-request.ts';
import type { Ports } from '../ports/ports.ts';

export async function runWorker(
  ports: Ports,
  request: RunRequest,
  options: { readonly pid: number; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const execute = await openRun(ports, request);
  return (await execute(options)) === 'done' ? exitCodes.done : exitCodes.failed;
}
