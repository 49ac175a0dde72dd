/** What every command that sets a mode up does before it begins: look at the machine, draft, and refuse what is unsafe. */

import { checkDraftedHome, describeStanding, refuseStanding } from '../app/home-assistant/check-draft.ts';
import { checkMachine } from '../app/setup/check-machine.ts';
import { refuseUnknownServices, refuseUnsafe } from '../app/setup/refuse-unsafe.ts';
import type { Draft } from '../app/wizard/wizard-types.ts';
import { exitCodes, UserError } from '../core/error.ts';
import type { Mode } from '../core/mode/mode.ts';
import type { Arguments } from './arguments.ts';
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

/** `notes`: what the operator is told before the run begins. Throws a UserError when the run must not begin. */
export async function prepareDraft(
  session: Session,
  mode: Mode,
  parsed: Arguments,
  signal: AbortSignal,
): Promise<{ readonly draft: Draft; readonly notes: readonly string[] }> {
  // Asked by both of what follows: it is a process, and may run while they read the files.
  session.ports.compose.version(signal).catch(() => {});
  // Both only look, so they look side by side; what is wrong with the machine is said first.
  const drafting = session.drafting.draft(choicesOf(mode, parsed));
  drafting.catch(() => {});
  await requireMachine(session);
  const draft = await drafting;
  refuseUnknownServices(draft.plan, parsed.without);
  const home = await checkDraftedHome(session.ports, draft, {
    isSkipped: parsed.skipHomeAssistantCheck,
    signal,
  });
  if (!parsed.skipHomeAssistantCheck) refuseStanding(home);
  refuseUnsafe(draft, { acceptMemoryRisk: parsed.acceptMemoryRisk });
  return { draft, notes: [...describeStanding(home), ...draft.notes] };
}
