/** `homeiq plan --mode M [--json]`: what a set-up would do. Works without an engine and without Compose. */

import { checkDraftedHome, describeStanding } from '../app/home-assistant/check-draft.ts';
import {
  findMemoryRefusal,
  refuseInvalidSettings,
  refuseUnknownServices,
} from '../app/setup/refuse-unsafe.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { planDocument } from '../ui/json/plan.ts';
import { describePlan } from '../ui/plain/plan.ts';
import type { Arguments } from './arguments.ts';
import { choicesOf, type Session } from './session.ts';

export async function runPlan(
  session: Session,
  parsed: Arguments,
  print: (text: string) => void,
): Promise<ExitCode> {
  if (parsed.mode === undefined) {
    throw new UserError('plan needs a mode.', {
      nextSteps: ['homeiq plan --mode test', 'homeiq plan --mode production'],
      exitCode: exitCodes.usage,
    });
  }
  const draft = await session.drafting.draft(choicesOf(parsed.mode, parsed));
  const { plan } = draft;
  refuseUnknownServices(plan, parsed.without);
  refuseInvalidSettings(draft);
  const home = await checkDraftedHome(session.ports, draft, {
    isSkipped: parsed.skipHomeAssistantCheck,
    signal: new AbortController().signal,
  });
  const refusal = findMemoryRefusal(plan, parsed);
  // What does not fit in the end has its own words.
  const onTheWay = plan.memory.verdict !== 'does-not-fit' && refusal !== undefined ? [refusal.message] : [];
  const notes = [...onTheWay, ...describeStanding(home), ...draft.notes];
  print(
    parsed.json
      ? toJsonLine(planDocument(plan, notes))
      : describePlan(plan, notes, { commands: draft.commands, drafted: draft }).join('\n'),
  );
  return refusal?.exitCode ?? exitCodes.done;
}
