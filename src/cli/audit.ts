/** `homeiq audit [--mode M] [--json]`: whether the stack keeps the modes apart. Only looks. */

import { auditDeployment } from '../app/isolation/audit-deployment.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { auditLines } from '../ui/plain/audit.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

/** Exit code 1 when something is wrong that stops a start. */
export async function runAudit(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const audit = await auditDeployment(ports, parsed.mode, signal);
  const isGood = audit.findings.every(({ severity }) => severity !== 'error');
  if (parsed.json) print(toJsonLine({ version: 1, ok: isGood, ...audit }));
  else for (const line of auditLines(audit)) print(line);
  return isGood ? exitCodes.done : exitCodes.failed;
}
