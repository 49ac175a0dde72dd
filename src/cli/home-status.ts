/** The status screen of a deployment; what is asked for on it are runs of the worker like any other. */

import { setMaxListeners } from 'node:events';
import { findInterrupted } from '../app/history/past-runs.ts';
import { describeDeployment } from '../app/monitor/describe-deployment.ts';
import { hasStackChanged, recallStack } from '../app/monitor/known-stack.ts';
import { createMemoryFeed } from '../app/monitor/memory-feed.ts';
import { type Monitor, startMonitor } from '../app/monitor/monitor.ts';
import { createStatusSession } from '../app/monitor/status-session.ts';
import { exitCodes, UserError } from '../core/error.ts';
import { initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import { plainLogLine } from '../ui/plain/log-line.ts';
import type { Shell, TuiScreen } from '../ui/tui/screen.ts';
import { createStatusScreen } from '../ui/tui/status/status-screen.tsx';
import { createTerminalOpener } from './open-in-terminal.ts';
import type { Environment, Session } from './session.ts';

const longestFarewellMs = 500;

/** Resolves when the run of the action is over; throws what its step said when it failed. */
function createAct({ ports, drafting }: Session, signal: AbortSignal): NonNullable<Monitor['act']> {
  return async command => {
    // Loaded when it is first needed, as the doctor is: the first figures do not wait for their code.
    const [{ startAction }, { followRun }] = await Promise.all([
      import('../app/setup/plan-action.ts'),
      import('../app/setup/start-run.ts'),
    ]);
    const runId = await startAction(ports, drafting, command);
    let state = initialRunState;
    for await (const event of followRun(ports, runId, signal)) state = reduceRun(state, event);
    const failed = state.steps.find(({ error }) => error !== undefined)?.error;
    if (failed !== undefined) throw new UserError(failed.message, { nextSteps: failed.nextSteps });
  };
}

export type StatusScreenRequest = {
  readonly environment: Environment;
  /** Nothing is changed from the screen, and nothing is written but a log that is saved. */
  readonly isReadOnly: boolean;
};

export async function makeStatusScreen(
  shell: Shell,
  session: Session,
  { environment, isReadOnly }: StatusScreenRequest,
): Promise<TuiScreen> {
  const { ports, options } = session;
  const leaving = new AbortController();
  // Every container that is looked at listens for the end.
  setMaxListeners(0, leaving.signal);
  const deployment = await describeDeployment(ports, options, await recallStack(ports));
  const openAnew = async (): Promise<void> => {
    const confirmation = { mayKeep: !isReadOnly, signal: leaving.signal };
    if (!(await hasStackChanged(ports, deployment.stack, confirmation))) return;
    const next = await makeStatusScreen(shell, session, { environment, isReadOnly });
    leaving.abort();
    shell.show(next);
  };
  // What cannot be opened anew stays as it is.
  openAnew().catch(() => undefined);
  const memoryFeed = isReadOnly
    ? undefined
    : createMemoryFeed({
        mode: deployment.status.mode,
        engine: ports.engine,
        records: ports.memory,
        clock: ports.clock,
      });
  const monitor = startMonitor({
    engine: ports.engine,
    clock: ports.clock,
    ...deployment,
    ...(memoryFeed === undefined ? {} : { memoryFeed }),
    act: isReadOnly ? undefined : createAct(session, leaving.signal),
    saveLog: (name, lines) =>
      ports.files.saveLog(name, `${lines.map(entry => plainLogLine(entry, true)).join('\n')}\n`),
    signal: leaving.signal,
  });
  return createStatusScreen({
    session: createStatusSession(monitor, {
      interrupted: await findInterrupted(ports),
      diagnose: async () => {
        const { diagnose } = await import('../app/doctor/diagnose.ts');
        return diagnose(session, leaving.signal);
      },
      openInTerminal: createTerminalOpener(shell, {
        engine: ports.engine,
        level: options.level,
        environment,
      }),
    }),
    onSwitch: () => {
      leaving.abort();
      shell.switchFrom(monitor.store.get().mode);
    },
    onQuit: () => {
      leaving.abort();
      // The last minute of what was measured; a disk that hangs holds nobody.
      void Promise.race([memoryFeed?.close(), ports.clock.sleep(longestFarewellMs)]).then(() =>
        shell.exit(exitCodes.done),
      );
    },
  });
}
