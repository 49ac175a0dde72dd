/** `homeiq sample [--json]`: one look at the memory of what runs, for a timer. Exit code 0 when nothing runs, too. */

import { sampleMemory } from '../app/memory/sample-memory.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { sampleDocument } from '../ui/json/memory.ts';
import { sampleLines } from '../ui/plain/memory.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

export async function runSample(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const sample = await sampleMemory(ports, signal);
  if (parsed.json) print(toJsonLine(sampleDocument(sample)));
  else for (const line of sampleLines(sample)) print(line);
  return exitCodes.done;
}
