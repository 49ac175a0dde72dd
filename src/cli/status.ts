/** `homeiq status`: one look, as a table or as one JSON document. Exit code 0 healthy, 1 not, 4 nothing there. */

import { findInterrupted } from '../app/history/past-runs.ts';
import { describeDeployment } from '../app/monitor/describe-deployment.ts';
import { observeOnce } from '../app/monitor/observe-once.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { judgeDeployment } from '../core/status/judge-deployment.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { statusDocument } from '../ui/json/status-json.ts';
import { statusTable } from '../ui/plain/status-plain.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

export async function runStatus(
  { ports, options }: Session,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  const deployment = await describeDeployment(ports, options);
  const state = await observeOnce({ engine: ports.engine, clock: ports.clock, ...deployment, signal });
  const interrupted = await findInterrupted(ports);
  print(
    parsed.json ? toJsonLine(statusDocument(state, interrupted)) : statusTable(state, interrupted).join('\n'),
  );
  return judgeDeployment(state).isHealthy ? exitCodes.done : exitCodes.failed;
}
