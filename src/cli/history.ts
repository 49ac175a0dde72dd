/** `homeiq history`: the last runs, newest first. */

import { listPastRuns } from '../app/history/past-runs.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { historyDocument } from '../ui/json/history.ts';
import { historyLines } from '../ui/plain/history.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

export async function runHistory(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  print: (text: string) => void,
): Promise<ExitCode> {
  const runs = await listPastRuns(ports);
  if (parsed.json) print(toJsonLine(historyDocument(runs)));
  else for (const line of historyLines(runs)) print(line);
  return exitCodes.done;
}
