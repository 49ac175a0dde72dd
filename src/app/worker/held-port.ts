/** A port that somebody took after the plan was made: who has it now, and where the service could go. */

import { exitCodes, UserError } from '../../core/error.ts';
import { findMovedPorts } from '../setup/move-ports.ts';
import type { StepContext } from './step.ts';

/** Undefined when no other holder of a port of `services` can be seen: it let go of it, or only the engine knows it. */
export async function explainHeldPort(
  context: StepContext,
  services: readonly string[],
): Promise<UserError | undefined> {
  const held = await findMovedPorts(context.ports, await context.stack(), new Set(services));
  const [first] = held;
  if (first === undefined) return undefined;
  const { service, key, from, to, holder } = first;
  const others = held.slice(1).map(other => `${other.from} of ${other.service} by ${other.holder}`);
  return new UserError(
    `Port ${from} of ${service} is used by ${holder}${others.length === 0 ? '' : `, and ${others.join(', ')}`}.`,
    {
      hint: 'It was free when the plan was made.',
      nextSteps: [
        `Free it, or give ${service} another port: HOMEIQ_SET_${key}=${to ?? 'PORT'}`,
        'Then run the same command again: it continues with what is missing.',
      ],
      exitCode: exitCodes.failed,
    },
  );
}
