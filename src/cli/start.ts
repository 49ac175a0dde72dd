/** `homeiq start`: brings the recorded mode up again, after a stop or a reboot. */

import { startRecorded } from '../app/setup/plan-start.ts';
import type { ExitCode } from '../core/error.ts';
import type { Arguments } from './arguments.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';

export async function runStart(
  { ports, options }: Session,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const runId = await startRecorded(ports, options);
  return printRun(ports, runId, { isJson: parsed.json, print, signal });
}
