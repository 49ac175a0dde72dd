/** The question of bare `homeiq` after a run was interrupted, and what follows from the answer. */

import { createStore } from '../app/store.ts';
import { exitCodes } from '../core/error.ts';
import type { PastRun } from '../core/run/run-history.ts';
import type { WayOn } from '../core/run/ways-on.ts';
import type { InterruptedState } from '../ui/present/interrupted.ts';
import { createInterruptedScreen } from '../ui/tui/interrupted-screen.tsx';
import type { Shell, TuiScreen } from '../ui/tui/screen.ts';
import { openStatusScreen, type StatusScreenRequest } from './home-status.ts';
import type { Session } from './session.ts';

type Answers = {
  readonly ways: readonly WayOn[];
  readonly open: () => Promise<Session>;
  readonly requestStatus: () => Promise<StatusScreenRequest>;
  readonly showRun: (runId: string) => void;
  /** The wizard, with what the journal has of the choices. */
  readonly beginAgain: () => void;
};

export function makeInterruptedScreen(
  shell: Shell,
  run: PastRun,
  { ways, open, requestStatus, showRun, beginAgain }: Answers,
): TuiScreen {
  const store = createStore<InterruptedState>({
    run,
    ways,
    selected: 0,
    isBusy: false,
    error: undefined,
  });
  return createInterruptedScreen({
    store,
    onQuit: () => shell.exit(exitCodes.interrupted),
    go: async way => {
      if (way === 'look') return shell.show(openStatusScreen(shell, requestStatus));
      if (way === 'begin-again') return beginAgain();
      const [session, { continueRun }] = await Promise.all([
        open(),
        import('../app/history/continue-run.ts'),
      ]);
      showRun(await continueRun(session, run, way));
    },
  });
}
