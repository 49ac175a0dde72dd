/** `homeiq attach [RUN]`: watches the run that is at work. Its exit code is the run's; 4 when there is none. */

import { findLastRun } from '../app/history/past-runs.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { Ports } from '../ports/ports.ts';
import { lastRunLine } from '../ui/plain/history.ts';
import type { Arguments } from './arguments.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';

/** The named run, else the one at work. Throws a UserError (exit code 4) that tells how the last one ended. */
export async function findRunToAttach(
  { folder, ...ports }: Pick<Ports, 'runs' | 'lock'> & { readonly folder: string },
  runId: string | undefined,
): Promise<string> {
  const attached = runId ?? (await ports.lock.holder())?.runId;
  if (attached !== undefined) return attached;
  const last = await findLastRun(ports);
  throw new UserError(`No run is at work in ${folder}.`, {
    ...(last === undefined ? {} : { hint: lastRunLine(last) }),
    nextSteps: ['homeiq history lists the runs; homeiq attach RUN shows one of them again.'],
    exitCode: exitCodes.nothingToAttach,
  });
}

export async function runAttach(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const runId = await findRunToAttach({ ...ports, folder: ports.files.folder }, parsed.runId);
  return printRun(ports, runId, { isJson: parsed.json, print, signal });
}
