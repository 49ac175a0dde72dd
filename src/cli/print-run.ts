/** Follows a run and prints it, as lines or as JSON. */

import process from 'node:process';
import { followRun } from '../app/setup/start-run.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { blockingStep, initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import type { Ports } from '../ports/ports.ts';
import { runEventLine } from '../ui/json/run.ts';
import { createRunPrinter } from '../ui/plain/run.ts';

/**
 * The exit code is that of the step that failed, as on the screen; 130 for a run that somebody stopped. Throws a
 * UserError with that code when `signal` ends the look at a run that goes on in a process of its own.
 */
export async function printRun(
  ports: Ports,
  runId: string,
  options: { readonly isJson: boolean; readonly print: (text: string) => void; readonly signal: AbortSignal },
): Promise<ExitCode> {
  const printPlain = createRunPrinter();
  let state = initialRunState;
  for await (const event of followRun(ports, runId, options.signal)) {
    state = reduceRun(state, event);
    if (options.isJson) options.print(runEventLine(event));
    else for (const line of printPlain(state, event)) options.print(line);
  }
  if (options.signal.aborted) {
    const holder = await ports.lock.holder();
    if (holder?.runId === runId && holder.pid !== process.pid) {
      throw new UserError('Interrupted. The run goes on in a process of its own.', {
        nextSteps: [`Watch it, or stop it: homeiq --dir ${ports.files.folder}`],
        exitCode: exitCodes.interrupted,
      });
    }
  }
  if (options.signal.aborted || state.status === 'stopped') return exitCodes.interrupted;
  return state.status === 'done'
    ? exitCodes.done
    : (blockingStep(state)?.error?.exitCode ?? exitCodes.failed);
}
