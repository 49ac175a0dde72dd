/** `homeiq setup --mode M --yes [--json]`: the wizard's path without questions. */

import { checkDraftedHome, describeStanding, refuseStanding } from '../app/home-assistant/check-draft.ts';
import { checkMachine } from '../app/setup/check-machine.ts';
import { refuseUnknownServices, refuseUnsafe } from '../app/setup/refuse-unsafe.ts';
import { documentsOf, refuseOtherMode, startRun } from '../app/setup/start-run.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { noteLines } from '../ui/plain/plan.ts';
import type { Arguments } from './arguments.ts';
import { printRun } from './print-run.ts';
import { choicesOf, type Session } from './session.ts';

/** What a check of the machine found wrong, as an error: all of it, so that nobody has to come back for the next. */
async function requireMachine(session: Session): Promise<void> {
  const { level, folder } = session.options;
  const report = await checkMachine(session.ports, {
    level,
    folder,
    project: session.drafting.project,
  });
  const [problem, ...others] = report.lines.filter(({ tone }) => tone === 'problem');
  if (problem === undefined) return;
  throw new UserError(problem.text, {
    nextSteps: [...problem.mend, ...others.flatMap(({ text, mend }) => [`Besides: ${text}`, ...mend])],
    exitCode: ['level', 'project', 'env'].includes(problem.id) ? exitCodes.refused : exitCodes.failed,
  });
}

export async function runSetup(
  session: Session,
  parsed: Arguments,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (parsed.mode === undefined) {
    throw new UserError('setup needs a mode.', {
      nextSteps: ['homeiq setup --mode test --yes', 'homeiq alone asks for it.'],
      exitCode: exitCodes.usage,
    });
  }
  if (!parsed.yes) {
    throw new UserError('setup without a screen needs --yes.', {
      hint: 'homeiq plan shows what it would do; homeiq alone asks step by step.',
      exitCode: exitCodes.usage,
    });
  }
  await refuseOtherMode(session.ports, parsed.mode);
  await requireMachine(session);
  const draft = await session.drafting.draft(choicesOf(parsed.mode, parsed));
  refuseUnknownServices(draft.plan, parsed.without);
  const home = await checkDraftedHome(session.ports, draft, {
    isSkipped: parsed.skipHomeAssistantCheck,
    signal,
  });
  if (!parsed.skipHomeAssistantCheck) refuseStanding(home, parsed.mode);
  refuseUnsafe(draft, { acceptMemoryRisk: parsed.acceptMemoryRisk });
  // In JSON there is nothing but events: homeiq plan --json has the notes.
  if (!parsed.json) for (const text of noteLines([...describeStanding(home), ...draft.notes])) print(text);
  const runId = await startRun(session.ports, {
    ...documentsOf(draft),
    plan: draft.plan,
    mode: parsed.mode,
  });
  return printRun(session.ports, runId, { isJson: parsed.json, print, signal });
}
