/** Bare `homeiq`: an active run → attach to it; a deployment → its status; nothing yet → the wizard. */

import { setMaxListeners } from 'node:events';
import process from 'node:process';
import { createDeploymentFiles } from '../adapters/files/deployment-files.ts';
import { createLock } from '../adapters/files/lock.ts';
import { createRuns } from '../adapters/files/runs.ts';
import { describeDeployment } from '../app/monitor/describe-deployment.ts';
import { startMonitor } from '../app/monitor/monitor.ts';
import { createStatusSession } from '../app/monitor/status-session.ts';
import { startAction } from '../app/setup/plan-action.ts';
import { followRun } from '../app/setup/start-run.ts';
import { wasSetUp } from '../app/setup/was-set-up.ts';
import { createWizardEffects } from '../app/setup/wizard-effects.ts';
import { createStore } from '../app/store.ts';
import { createWizard, type Wizard, type WizardOptions } from '../app/wizard/wizard-store.ts';
import { checkValue } from '../core/env/validate.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { Level } from '../core/plan/plan.ts';
import { initialRunState, reduceRun } from '../core/run/reduce-run.ts';
import type { OpeningState } from '../ui/present/opening.ts';
import { type FirstScreen, runTui } from '../ui/tui/app.tsx';
import { createOpeningScreen } from '../ui/tui/opening-screen.tsx';
import type { Shell, TuiScreen } from '../ui/tui/screen.ts';
import { createStatusScreen } from '../ui/tui/status/status-screen.tsx';
import type { Arguments } from './arguments.ts';
import { makeRehearsalFolder } from './rehearsal-folder.ts';
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
  // Every container that is looked at listens for the end.
  setMaxListeners(0, leaving.signal);
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
  let open = openLater(parsed, facts);
  const makeWizard = (level: Level, options: Partial<WizardOptions> = {}): Wizard => {
    const work = async () => {
      const session = await open();
      return { ...session, folder: session.options.folder };
    };
    return createWizard(createWizardEffects(level, work), { checkValue, ...options });
  };
  const first = async (): Promise<FirstScreen> => {
    const [holder, record] = await Promise.all([
      createLock(facts.folder).holder(),
      createDeploymentFiles(facts.folder).readRecord(),
    ]);
    if (holder !== undefined) {
      return { kind: 'wizard', wizard: makeWizard(parsed.level, { attachTo: holder.runId }) };
    }
    if (record === undefined) return { kind: 'wizard', wizard: makeWizard(parsed.level) };
    if (await wasSetUp(createRuns(facts.folder))) return { kind: 'status' };
    return { kind: 'wizard', wizard: makeWizard(parsed.level, { choices: { mode: record.mode } }) };
  };
  return runTui({
    stdin,
    stdout,
    stderr,
    environment: parsed.ascii ? { ...facts.environment, HOMEIQ_ASCII: '1' } : facts.environment,
    first: await first(),
    createStatus: shell =>
      createOpeningScreen({
        shell,
        store: createStore<OpeningState>({ what: 'Looking at the deployment', error: undefined }),
        open: () => makeStatusScreen(shell, open),
      }),
    createRehearsal: async () => {
      const rehearsal: Arguments = { ...parsed, level: 'rehearsal' };
      open = openLater(rehearsal, { ...facts, folder: await makeRehearsalFolder() });
      return makeWizard('rehearsal');
    },
    comeBack: comeBack(parsed, facts.folder),
  });
}
