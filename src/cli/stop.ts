/** `homeiq stop`: stops the services of this deployment by name. Settings stay, and volumes but those named to be deleted. */

import { startAction } from '../app/setup/plan-action.ts';
import { describeLosses, findVolumes } from '../app/setup/volume-losses.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { lossLine } from '../ui/plain/losses.ts';
import type { Arguments } from './arguments.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Whether it is meant: each volume is confirmed by typing its name. */
async function isMeant(folder: string, volumes: readonly string[], terminal: Terminal): Promise<boolean> {
  const { ask, askText, print } = terminal;
  if (ask === undefined || askText === undefined) {
    throw new UserError('stop without a terminal needs --yes.', { exitCode: exitCodes.usage });
  }
  if (volumes.length === 0) return ask(`Stop all services of ${folder}? Data and settings stay.`);
  for (const volume of volumes) {
    if ((await askText(`Type ${volume} to stop all services and delete it: `)) === volume) continue;
    print('Not its name: nothing was stopped or deleted.');
    return false;
  }
  return true;
}

export async function runStop(
  session: Session,
  parsed: Arguments,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { ports, drafting, options } = session;
  const volumes = await findVolumes(ports, parsed.deleteData);
  if (!parsed.json) {
    for (const loss of await describeLosses(ports, volumes)) terminal.print(lossLine(loss));
  }
  if (!parsed.yes) {
    const asked = !parsed.json ? terminal : { ...terminal, ask: undefined, askText: undefined };
    if (!(await isMeant(options.folder, volumes, asked))) return exitCodes.interrupted;
  }
  const runId = await startAction(ports, drafting, {
    kind: 'stop',
    ...(volumes.length === 0 ? {} : { deleteVolumes: volumes }),
  });
  return printRun(ports, runId, { isJson: parsed.json, print: terminal.print, signal });
}
