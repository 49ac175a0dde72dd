/** The status screen of a deployment that is watched, and what stands until it is. */

import { hasStackChanged, recallStack } from '../app/known-stack.ts';
import { type DescribedDeployment, describeDeployment } from '../app/monitor/describe-deployment.ts';
import { createStatusSession } from '../app/monitor/status-session.ts';
import { createStore } from '../app/store.ts';
import { exitCodes } from '../core/error.ts';
import type { Level } from '../core/plan/plan.ts';
import { lookingAtDeployment } from '../ui/present/opening.ts';
import { createOpeningScreen } from '../ui/tui/opening-screen.tsx';
import type { Shell, TuiScreen } from '../ui/tui/screen.ts';
import { createStatusScreen } from '../ui/tui/status/status-screen.tsx';
import type { Environment } from './session.ts';
import { type WatchedDeployment, type WatchRequest, watchDeployment } from './watch-deployment.ts';

const longestFarewellMs = 500;

export type StatusScreenRequest = WatchRequest & {
  readonly level: Level;
  readonly environment: Environment;
};

/** Asks Compose when the stack is not known. Throws a UserError (exit code 4) when nothing is set up in the folder. */
const describe = async ({ ports, memoryBudgetMiB }: WatchRequest): Promise<DescribedDeployment> =>
  describeDeployment(ports, { memoryBudgetMiB }, await recallStack(ports));

export function makeStatusScreen(
  shell: Shell,
  { stack, monitor, interrupted, signal, leave, keepMemory }: WatchedDeployment,
  request: StatusScreenRequest,
): TuiScreen {
  const { ports, openSession, level, environment, isReadOnly } = request;
  const openAnew = async (): Promise<void> => {
    if (!(await hasStackChanged(ports, stack, { mayKeep: !isReadOnly, signal }))) return;
    const next = await watchDeployment(request, await describe(request));
    // Whoever has left meanwhile is not called back.
    if (signal.aborted) return next.leave();
    const screen = makeStatusScreen(shell, next, request);
    leave();
    shell.show(screen);
  };
  // What cannot be opened anew stays as it is.
  openAnew().catch(() => undefined);
  return createStatusScreen({
    session: createStatusSession(monitor, {
      interrupted,
      // Loaded when they are first asked for: the first screen does not wait for their code.
      diagnose: async () => {
        const [session, { diagnose }] = await Promise.all([
          openSession(),
          import('../app/doctor/diagnose.ts'),
        ]);
        return diagnose(session, signal);
      },
      openInTerminal: async terminalRequest => {
        const { createTerminalOpener } = await import('./open-in-terminal.ts');
        await createTerminalOpener(shell, { engine: ports.engine, level, environment })(terminalRequest);
      },
    }),
    onSwitch: () => {
      leave();
      shell.switchFrom(monitor.store.get().mode);
    },
    onQuit: () => {
      leave();
      // The last minute of what was measured; a disk that hangs holds nobody.
      void Promise.race([keepMemory(), ports.clock.sleep(longestFarewellMs)]).then(() =>
        shell.exit(exitCodes.done),
      );
    },
  });
}

/** Begins to watch, and shows the status as soon as it is known what there is; says why when it cannot be. */
export function openStatusScreen(shell: Shell, requestStatus: () => Promise<StatusScreenRequest>): TuiScreen {
  return createOpeningScreen({
    shell,
    store: createStore(lookingAtDeployment),
    open: async () => {
      const request = await requestStatus();
      const watched = await watchDeployment(request, await describe(request));
      return makeStatusScreen(shell, watched, request);
    },
  });
}
