/** `homeiq setup --mode M --yes [--json]`: the wizard's path without questions. */

import { documentsOf, refuseOtherMode, startRun } from '../app/setup/start-run.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { noteLines } from '../ui/plain/plan.ts';
import type { Arguments } from './arguments.ts';
import { prepareDraft } from './prepare-draft.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';

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
  const { draft, notes } = await prepareDraft(session, parsed.mode, parsed, signal);
  // In JSON there is nothing but events: homeiq plan --json has the notes.
  if (!parsed.json) for (const text of noteLines(notes)) print(text);
  const runId = await startRun(session.ports, {
    ...documentsOf(draft),
    plan: draft.plan,
    mode: parsed.mode,
  });
  return printRun(session.ports, runId, { isJson: parsed.json, print, signal });
}
