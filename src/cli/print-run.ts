/** Follows a run and prints it, as lines or as JSON. */

import process from 'node:process';
import { followRun } from '../app/setup/start-run.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import { runExitCode } from '../core/run/run-ending.ts';
import type { Ports } from '../ports/ports.ts';
import { runEventLine } from '../ui/json/run.ts';
import { createRunPrinter } from '../ui/plain/run.ts';

/**
 * The exit code is the run's, as on the screen. Throws a UserError with 130 when `signal` ends the look at a run that
 * goes on in a process of its own.
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
  return options.signal.aborted ? exitCodes.interrupted : runExitCode(state);
}
