/** Hands a plan to the worker, and follows what it says. */

import { exitCodes, UserError } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { RunEvent } from '../../core/run/journal-event.ts';
import { makeRunId } from '../../core/run/run-id.ts';
import type { RunDocuments, RunRequest } from '../../core/run/run-request.ts';
import type { Ports } from '../../ports/ports.ts';

/** The two modes never run together: while services of the other mode run, a mode is not set up. */
export async function refuseOtherMode(ports: Pick<Ports, 'files' | 'engine'>, mode: Mode): Promise<void> {
  const record = await ports.files.readRecord();
  if (record === undefined || record.mode === mode) return;
  const containers = await ports.engine.containers(record.project);
  const running = containers.filter(({ state }) => ['running', 'restarting', 'paused'].includes(state));
  if (running.length === 0) return;
  throw new UserError(
    `${running.length} services run here in ${record.mode} mode, and the two modes never run together.`,
    { nextSteps: [`Change the mode: homeiq switch ${mode}`], exitCode: exitCodes.refused },
  );
}

/** What the worker is given of a draft's documents. */
export const documentsOf = ({ envText, otherEnvText, envSeen }: RunDocuments): RunDocuments => ({
  envText,
  ...(otherEnvText === undefined ? {} : { otherEnvText }),
  ...(envSeen === undefined ? {} : { envSeen }),
});

/** Resolves to the run's id once its journal exists. Throws when another run holds the lock. */
export async function startRun(ports: Ports, request: Omit<RunRequest, 'runId'>): Promise<string> {
  const holder = await ports.lock.holder();
  if (holder !== undefined) {
    throw new UserError(`Another run (${holder.runId}, process ${holder.pid}) is at work in this folder.`, {
      hint: 'One run at a time. Watch it with: homeiq attach',
      exitCode: exitCodes.refused,
    });
  }
  const runId = makeRunId(ports.clock.now(), await ports.runs.list(), ports.random.secret(6));
  await ports.workerHost.start({ ...request, runId, composeAnswers: await ports.compose.answers() });
  return runId;
}

/** Resolves when the worker of a finished run has let go of the lock: what the operator asks next may take it then. */
async function waitForRelease({ lock, clock }: Ports, runId: string, signal: AbortSignal): Promise<void> {
  for (let look = 0; look < 100; look += 1) {
    if (signal.aborted || (await lock.holder())?.runId !== runId) return;
    await clock.sleep(20, signal).catch(() => undefined);
  }
}

/** Follows a run to its end. Throws when its worker died without saying how it ended. */
export async function* followRun(ports: Ports, runId: string, signal: AbortSignal): AsyncIterable<RunEvent> {
  let isFinished = false;
  for await (const event of ports.runs.follow(runId, signal)) {
    yield event;
    if (event.kind === 'run-finished') isFinished = true;
  }
  if (isFinished) await waitForRelease(ports, runId, signal);
  if (!isFinished && !signal.aborted) {
    throw new UserError(`The worker of run ${runId} ended without a word.`, {
      hint: 'What was finished stays. Run the same command again: it continues with what is missing.',
    });
  }
}
