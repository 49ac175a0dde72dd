/** `homeiq switch MODE`: from the mode that runs to the other one, and back by itself when that does not come up. */

import { documentsOf, startRun } from '../app/setup/start-run.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { describePlan, noteLines } from '../ui/plain/plan.ts';
import type { Arguments } from './arguments.ts';
import { prepareDraft } from './prepare-draft.ts';
import { printRun } from './print-run.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Throws a UserError: exit code 4 when there is nothing to switch, 2 when nobody can be asked. */
async function refuseWrongUse(session: Session, parsed: Arguments, canAsk: boolean): Promise<void> {
  if (!parsed.yes && (!canAsk || parsed.json)) {
    throw new UserError('switch without a terminal needs --yes.', {
      hint: `homeiq plan --mode ${parsed.mode} shows what it would do.`,
      exitCode: exitCodes.usage,
    });
  }
  if ((await session.ports.files.readRecord()) !== undefined) return;
  throw new UserError(`There is no deployment in ${session.options.folder}.`, {
    nextSteps: [`Set one up: homeiq setup --mode ${parsed.mode} --yes`, 'Or name its folder: --dir FOLDER'],
    exitCode: exitCodes.nothingToAttach,
  });
}

export async function runSwitch(
  session: Session,
  parsed: Arguments,
  { print, ask }: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { mode } = parsed;
  if (mode === undefined) {
    throw new UserError('switch needs the mode to switch to.', {
      nextSteps: ['homeiq switch test', 'homeiq switch production'],
      exitCode: exitCodes.usage,
    });
  }
  await refuseWrongUse(session, parsed, ask !== undefined);
  if (parsed.onFailure !== 'stay') session.drafting.foreseeRollback();
  const { draft, notes } = await prepareDraft(session, mode, parsed, signal);
  const { plan } = draft;
  if (!parsed.yes) for (const line of describePlan(plan, notes, { commands: draft.commands })) print(line);
  // In JSON there is nothing but events: homeiq plan --json has the notes.
  else if (!parsed.json) for (const text of noteLines(notes)) print(text);
  if (!parsed.yes) {
    const question =
      plan.from === undefined ? `Set ${mode} mode up again?` : `Switch from ${plan.from} to ${mode} mode?`;
    if (ask === undefined || !(await ask(question))) return exitCodes.interrupted;
  }
  const rollback = parsed.onFailure === 'stay' ? undefined : await session.drafting.rollback(draft);
  const runId = await startRun(session.ports, {
    ...documentsOf(draft),
    plan,
    mode,
    ...(rollback === undefined ? {} : { rollback }),
  });
  return printRun(session.ports, runId, { isJson: parsed.json, print, signal });
}
