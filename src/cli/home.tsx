/** Bare `homeiq`: an active run → attach to it; a deployment → its status; nothing yet → the wizard. */

import process from 'node:process';
import { createDeploymentFiles } from '../adapters/files/deployment-files.ts';
import { createLock } from '../adapters/files/lock.ts';
import { describeDeployment } from '../app/monitor/describe-deployment.ts';
import { startMonitor } from '../app/monitor/monitor.ts';
import { createStatusSession } from '../app/monitor/status-session.ts';
import { startAction } from '../app/setup/plan-action.ts';
import { followRun } from '../app/setup/start-run.ts';
import { createWizardEffects } from '../app/setup/wizard-effects.ts';
import { createStore } from '../app/store.ts';
import { createWizard } from '../app/wizard/wizard-store.ts';
import { checkValue } from '../core/env/validate.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import type { OpeningState } from '../ui/present/opening.ts';
import { runTui } from '../ui/tui/app.tsx';
import { createOpeningScreen } from '../ui/tui/opening-screen.tsx';
import type { Shell, TuiScreen } from '../ui/tui/screen.ts';
import { createStatusScreen } from '../ui/tui/status/status-screen.tsx';
import type { Arguments } from './arguments.ts';
import { createSession, type Environment, type Session } from './session.ts';

export type HomeFacts = {
  readonly folder: string;
  readonly programFolder: string;
  readonly version: string;
  readonly environment: Environment;
};

/** Made at the first use and once: the first screen is drawn before the adapters are loaded. */
function openLater(parsed: Arguments, facts: HomeFacts): () => Promise<Session> {
  let session: Promise<Session> | undefined;
  const open = async (): Promise<Session> => {
    const { createPorts } = await import('./create-ports.ts');
    const ports = await createPorts({ ...facts, level: parsed.level });
    return createSession(ports, parsed, facts.folder, facts.environment);
  };
  return () => {
    session ??= open();
    return session;
  };
}

const comeBack = (parsed: Arguments, folder: string): string =>
  `homeiq${parsed.level === 'sandbox' ? ' --sandbox' : ''} --dir ${folder}`;

/** The status screen; what is asked for on it are runs of the worker like any other. */
async function makeStatusScreen(shell: Shell, open: () => Promise<Session>): Promise<TuiScreen> {
  const { ports, drafting, options } = await open();
  const leaving = new AbortController();
  const deployment = await describeDeployment(ports, options);
  const monitor = startMonitor({
    engine: ports.engine,
    clock: ports.clock,
    ...deployment,
    act: async command => {
      const runId = await startAction(ports, drafting, command);
      let state = initialRunState;
      for await (const event of followRun(ports, runId, leaving.signal)) state = reduceRun(state, event);
      const failed = state.steps.find(({ error }) => error !== undefined)?.error;
      if (failed !== undefined) throw new UserError(failed.message, { nextSteps: failed.nextSteps });
    },
    signal: leaving.signal,
  });
  return createStatusScreen({
    session: createStatusSession(monitor),
    onQuit: () => {
      leaving.abort();
      shell.exit(exitCodes.done);
    },
  });
}

export async function runHome(parsed: Arguments, facts: HomeFacts): Promise<ExitCode> {
  const { stdin, stdout, stderr } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new UserError('homeiq alone needs a terminal, and this is none.', {
      hint: 'Over SSH: ssh -t HOST homeiq',
      nextSteps: ['Without a terminal: homeiq setup --mode test --yes', 'homeiq status'],
      exitCode: exitCodes.usage,
    });
  }
  const open = openLater(parsed, facts);
  const work = async () => ({ ...(await open()), folder: facts.folder });
  const makeWizard = (level: Arguments['level'], of: typeof work, attachTo?: string) =>
    createWizard(createWizardEffects(level, of), {
      checkValue,
      ...(attachTo === undefined ? {} : { attachTo }),
    });
  const [holder, record] = await Promise.all([
    createLock(facts.folder).holder(),
    createDeploymentFiles(facts.folder).readRecord(),
  ]);
  const hasStatus = holder === undefined && record !== undefined;
  return runTui({
    stdin,
    stdout,
    stderr,
    environment: facts.environment,
    first: hasStatus
      ? { kind: 'status' }
      : { kind: 'wizard', wizard: makeWizard(parsed.level, work, holder?.runId) },
    createStatus: shell =>
      createOpeningScreen({
        shell,
        store: createStore<OpeningState>({ what: 'Looking at the deployment', error: undefined }),
        open: () => makeStatusScreen(shell, open),
      }),
    comeBack: comeBack(parsed, facts.folder),
  });
}
