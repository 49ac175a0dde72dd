/** `homeiq stop`: stops the services of this deployment by name. Containers, volumes and settings stay. */

import { startAction } from '../app/setup/plan-action.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { Arguments } from './arguments.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

export async function runStop(
  session: Session,
  parsed: Arguments,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (!parsed.yes) {
    if (terminal.ask === undefined || parsed.json) {
      throw new UserError('stop without a terminal needs --yes.', { exitCode: exitCodes.usage });
    }
    const isMeant = await terminal.ask(
      `Stop all services of ${session.options.folder}? Data and settings stay.`,
    );
    if (!isMeant) return exitCodes.interrupted;
  }
  const runId = await startAction(session.ports, session.drafting, { kind: 'stop' });
  return printRun(session.ports, runId, { isJson: parsed.json, print: terminal.print, signal });
}
