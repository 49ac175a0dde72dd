/** `homeiq verify [--json]`: one look that proves, or not, that the modes are kept apart. Changes nothing. */

import { verifyDeployment } from '../app/isolation/verify-deployment.ts';
import { isolationLimit } from '../core/buckets/buckets-report.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { isVerified } from '../core/isolation/verification.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { verificationLines } from '../ui/plain/verification.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

/** Exit code 1 when something is wrong, or could not be looked at. */
export async function runVerify(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  { print, warn }: { readonly print: (text: string) => void; readonly warn: (text: string) => void },
  signal: AbortSignal,
): Promise<ExitCode> {
  const verification = await verifyDeployment(ports, signal, seconds =>
    warn(`The mode has just started: ${seconds} s until there is enough to look at.`),
  );
  const ok = isVerified(verification);
  if (parsed.json) print(toJsonLine({ version: 1, ok, ...verification, limit: isolationLimit }));
  else for (const line of verificationLines(verification)) print(line);
  return ok ? exitCodes.done : exitCodes.failed;
}
