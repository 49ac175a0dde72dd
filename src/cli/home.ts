/** Bare `homeiq`: an active run → attach to it; a deployment → its status; nothing yet → the wizard. */

import process from 'node:process';
import { createDeploymentFiles } from '../adapters/files/deployment-files.ts';
import { createLock } from '../adapters/files/lock.ts';
import { createRuns } from '../adapters/files/runs.ts';
import { findQuestion } from '../app/history/interrupted-question.ts';
import { wasSetUp } from '../app/setup/was-set-up.ts';
import { createWizard, type Wizard, type WizardOptions } from '../app/wizard/wizard-store.ts';
import { checkValue } from '../core/env/validate.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { Level } from '../core/plan/plan.ts';
import type { DeploymentRecord } from '../ports/deployment-files.ts';
import type { FirstScreen } from '../ui/tui/app.tsx';
import type { EarlyFrame } from '../ui/tui/early-frame.ts';
import type { Arguments } from './arguments.ts';
import { type EarlyWatch, showFirstFigures } from './first-figures.ts';
import type { StatusScreenRequest } from './home-status.ts';
import { createLateEffects, openLater } from './late-session.ts';
import { makeRehearsalFolder } from './rehearsal-folder.ts';
import type { Environment } from './session.ts';
import { stopOptimising } from './stop-optimising.ts';

export type HomeFacts = {
  readonly folder: string;
  readonly programFolder: string;
  readonly version: string;
  readonly environment: Environment;
  /** What is on the terminal until the screens take it. Undefined: nothing. */
  readonly early: EarlyFrame | undefined;
};

type EarlyStatus = EarlyWatch & { readonly request: StatusScreenRequest };

/** What shows on the early frame while the screens are not loaded yet. Tells no fault: the screen meets it again. */
async function watchEarly(
  early: EarlyFrame | undefined,
  requestStatus: () => Promise<StatusScreenRequest>,
): Promise<EarlyStatus | undefined> {
  if (early === undefined) return undefined;
  stopOptimising();
  try {
    const request = await requestStatus();
    const shown = await showFirstFigures(early, request);
    return shown === undefined ? undefined : { ...shown, request };
  } catch {
    return undefined;
  }
}

const comeBack = (parsed: Arguments, folder: string): string =>
  `homeiq${parsed.level === 'sandbox' ? ' --sandbox' : ''} --dir ${folder}`;

export async function runHome(parsed: Arguments, facts: HomeFacts): Promise<ExitCode> {
  const { stdin, stdout, stderr } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new UserError('homeiq alone needs a terminal, and this is none.', {
      hint: 'Over SSH: ssh -t HOST homeiq',
      nextSteps: ['Without a terminal: homeiq setup --mode test --yes', 'homeiq status'],
      exitCode: exitCodes.usage,
    });
  }
  let late = openLater(parsed, facts);
  // A setting that there is not is refused before any screen; without settings from outside nothing is waited for.
  if (Object.keys(facts.environment).some(name => name.startsWith('HOMEIQ_SET_'))) await late.session();
  let { level } = parsed;
  /** Until something is on the screen, what the wizard asks for only takes time from it. */
  const drawn = Promise.withResolvers<void>();
  const makeWizard = (level: Level, options: Partial<WizardOptions> = {}): Wizard =>
    createWizard(
      createLateEffects(level, async () => {
        await drawn.promise;
        return late.session();
      }),
      { checkValue, ...options },
    );
  const journals = { lock: createLock(facts.folder), runs: createRuns(facts.folder) };
  const requestStatus = async (): Promise<StatusScreenRequest> => ({
    ports: await late.ports(),
    openSession: () => late.session(),
    memoryBudgetMiB: parsed.memoryBudgetMiB,
    isReadOnly: parsed.readOnly,
    level,
    environment: facts.environment,
  });
  /** Undefined: nothing broke off. */
  const question = async (record: DeploymentRecord | undefined): Promise<FirstScreen | undefined> => {
    const asked = await findQuestion(journals, record, parsed.level);
    if (asked === undefined) return undefined;
    const { run, ways, leftOut } = asked;
    const { makeInterruptedScreen } = await import('./home-interrupted.ts');
    return {
      kind: 'screen',
      create: (shell, showWizard) =>
        makeInterruptedScreen(shell, run, {
          ways,
          open: () => late.session(),
          requestStatus,
          showRun: runId => showWizard(makeWizard(level, { attachTo: runId })),
          beginAgain: () => showWizard(makeWizard(level, { choices: { mode: run.plan.mode, leftOut } })),
        }),
    };
  };
  const watch = async (): Promise<FirstScreen> => {
    const { findRunToAttach } = await import('./attach.ts');
    const runId = await findRunToAttach({ ...journals, folder: facts.folder }, parsed.runId);
    return { kind: 'wizard', wizard: makeWizard(level, { attachTo: runId, isOnlooker: true }) };
  };
  /** The active run or the status, neither to be touched. */
  const look = (runId: string | undefined, record: DeploymentRecord | undefined): FirstScreen => {
    if (runId !== undefined) {
      return { kind: 'wizard', wizard: makeWizard(parsed.level, { attachTo: runId, isOnlooker: true }) };
    }
    if (record !== undefined) return { kind: 'status' };
    throw new UserError(`There is no deployment in ${facts.folder} to look at.`, {
      nextSteps: ['Set one up: homeiq', 'Or name its folder: --dir FOLDER'],
      exitCode: exitCodes.nothingToAttach,
    });
  };
  const first = async (): Promise<FirstScreen> => {
    if (parsed.command === 'attach') return watch();
    const [holder, record] = await Promise.all([
      journals.lock.holder(),
      createDeploymentFiles(facts.folder).readRecord(),
    ]);
    if (parsed.readOnly) return look(holder?.runId, record);
    if (holder !== undefined) {
      return { kind: 'wizard', wizard: makeWizard(parsed.level, { attachTo: holder.runId }) };
    }
    const asked = await question(record);
    if (asked !== undefined) return asked;
    if (record === undefined) return { kind: 'wizard', wizard: makeWizard(parsed.level) };
    if (await wasSetUp(journals.runs)) return { kind: 'status' };
    return {
      kind: 'wizard',
      wizard: makeWizard(parsed.level, { choices: { mode: record.mode }, activeMode: record.mode }),
    };
  };
  const chosen = await first();
  const shown = chosen.kind === 'status' ? await watchEarly(facts.early, requestStatus) : undefined;
  const [{ runTui }, { makeStatusScreen, openStatusScreen }] = await Promise.all([
    import('../ui/tui/app.tsx'),
    import('./home-status.ts'),
    shown?.ready,
  ]);
  return runTui({
    stdin,
    stdout,
    stderr,
    environment: parsed.ascii ? { ...facts.environment, HOMEIQ_ASCII: '1' } : facts.environment,
    first:
      shown === undefined
        ? chosen
        : { kind: 'screen', create: shell => makeStatusScreen(shell, shown.watched, shown.request) },
    createStatus: shell => openStatusScreen(shell, requestStatus),
    createSwitch: from => makeWizard(level, { activeMode: from, isSwitch: true }),
    createRehearsal: async () => {
      const rehearsal: Arguments = { ...parsed, level: 'rehearsal' };
      ({ level } = rehearsal);
      late = openLater(rehearsal, { ...facts, folder: await makeRehearsalFolder() });
      return makeWizard('rehearsal');
    },
    comeBack: comeBack(parsed, facts.folder),
    onStart: () => {
      facts.early?.handOver();
      stopOptimising();
      setImmediate(drawn.resolve);
    },
    // Node tells of a size that differs from the last one only; the terminal has lost cells all the same.
    onSizeSignal: listener => {
      process.on('SIGWINCH', listener);
      return () => process.off('SIGWINCH', listener);
    },
  });
}
