/** Follows a run and prints it, as lines or as JSON. */

import { followRun } from '../app/setup/start-run.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import type { Ports } from '../ports/ports.ts';
import { runEventLine } from '../ui/json/run.ts';
import { createRunPrinter } from '../ui/plain/run.ts';

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
  if (options.signal.aborted) return exitCodes.interrupted;
  return state.status === 'done' ? exitCodes.done : exitCodes.failed;
}
