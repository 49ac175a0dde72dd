/**
 * `homeiq status`: one look, as a table or as one JSON document; with `--watch` one line, or one document, a change. Exit
 * code 0 healthy, 1 not, 4 nothing there, 130 when a watch was ended.
 */

import { findInterrupted } from '../app/history/past-runs.ts';
import { describeDeployment } from '../app/monitor/describe-deployment.ts';
import { followStatus } from '../app/monitor/follow-status.ts';
import { startMonitor } from '../app/monitor/monitor.ts';
import { observeOnce } from '../app/monitor/observe-once.ts';
import { type ExitCode, exitCodes } from '../core/error.ts';
import { judgeDeployment } from '../core/status/judge-deployment.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { statusDocument, watchedDocument } from '../ui/json/status-json.ts';
import { changeLines, firstLines } from '../ui/plain/status-changes.ts';
import { statusTable } from '../ui/plain/status-plain.ts';
import type { Arguments } from './arguments.ts';
import type { Session } from './session.ts';

type Print = (text: string) => void;

/** Until the signal: what a script reads is complete at each line. */
async function watch({ ports, options }: Session, isJson: boolean, print: Print, signal: AbortSignal) {
  const deployment = await describeDeployment(ports, options);
  const { engine, clock } = ports;
  let told: Promise<void> = Promise.resolve();
  const monitor = startMonitor({ engine, clock, ...deployment, act: undefined, signal });
  // Figures make no document of their own: where they cost the engine something, once a minute is enough.
  monitor.see([]);
  await followStatus({
    store: monitor.store,
    clock,
    hasData: deployment.queryDataFlow !== undefined,
    signal,
    tell: (state, changes) => {
      told = told.then(async () => {
        // A run may have broken off, or been taken up again, since the line before.
        const interrupted = await findInterrupted(ports);
        const lines = changes.length === 0 ? firstLines(state, interrupted) : changeLines(state, changes);
        if (isJson) print(toJsonLine(watchedDocument(state, changes, interrupted)));
        else for (const line of lines) print(line);
      });
    },
  });
  await Promise.all([told, monitor.ended]);
}

export async function runStatus(
  session: Session,
  parsed: Arguments,
  print: Print,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (parsed.watch) {
    await watch(session, parsed.json, print, signal);
    return exitCodes.interrupted;
  }
  const { ports, options } = session;
  const deployment = await describeDeployment(ports, options);
  const state = await observeOnce({ engine: ports.engine, clock: ports.clock, ...deployment, signal });
  const interrupted = await findInterrupted(ports);
  print(
    parsed.json ? toJsonLine(statusDocument(state, interrupted)) : statusTable(state, interrupted).join('\n'),
  );
  return judgeDeployment(state).isHealthy ? exitCodes.done : exitCodes.failed;
}
