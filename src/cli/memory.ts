/** `homeiq memory [--json] [--mode M] [--use measured|expected]`: expected beside measured memory, and the choice between them. */

import { readMemoryReport } from '../app/memory/report-memory.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { memoryDocument } from '../ui/json/memory.ts';
import { memoryLines } from '../ui/plain/memory.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

export async function runMemory(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  print: (text: string) => void,
): Promise<ExitCode> {
  const { mode, use } = parsed;
  const report = await readMemoryReport(ports, { mode, use });
  if (parsed.json) print(toJsonLine(memoryDocument(report)));
  else for (const line of memoryLines(report, use !== undefined)) print(line);
  return exitCodes.done;
}
