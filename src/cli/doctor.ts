/** `homeiq doctor [--json]`: all looks at once, each finding with what mends it. Only looks. */

import { diagnose } from '../app/doctor/diagnose.ts';
import { isAllRight } from '../core/doctor/doctor-report.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { doctorLines } from '../ui/plain/doctor.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

/** Exit code 0 when there is no problem, else 1; notes are no problem. */
export async function runDoctor(
  session: Session,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const report = await diagnose(session, signal);
  const isGood = isAllRight(report);
  if (parsed.json) print(toJsonLine({ version: 1, ok: isGood, ...report }));
  else for (const line of doctorLines(report)) print(line);
  return isGood ? exitCodes.done : exitCodes.failed;
}
