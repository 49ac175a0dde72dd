/**
 * The stack as Compose resolved it last, while no file of the deployment has changed: a run keeps it for the status screen,
 * which asks Compose afterwards whether it still is so, and for the way back of a later switch.
 */

import { parseStack } from '../core/stack/parse-stack.ts';
import type { Stack } from '../core/stack/stack.ts';
import type { ComposeTarget } from '../ports/compose.ts';
import type { Ports } from '../ports/ports.ts';
import { deploymentTarget } from './deployment-target.ts';

/** The first figures are on the screen by then: Compose does not take the processor from them. */
const confirmAfterMs = 2_000;

async function targetOf(ports: Ports): Promise<ComposeTarget | undefined> {
  const record = await ports.files.readRecord();
  return record === undefined ? undefined : deploymentTarget(ports.files.folder, record.project);
}

/** Undefined: Compose has to be asked first. What is known has no environment: secrets are in it. */
export async function recallStack(ports: Ports): Promise<Stack | undefined> {
  const target = await targetOf(ports);
  return target === undefined ? undefined : ports.knownStack?.recall(target);
}

const comparable = (stack: Stack): string =>
  JSON.stringify({ ...stack, services: stack.services.map(service => ({ ...service, environment: {} })) });

/**
 * Asks Compose in a while, and keeps what it says for the next time unless nothing may be written: whether that is
 * something else than `shown`. An answer that does not come changes nothing.
 */
export async function hasStackChanged(
  ports: Ports,
  shown: Stack,
  { mayKeep, signal }: { readonly mayKeep: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    await ports.clock.sleep(confirmAfterMs, signal);
    const target = await targetOf(ports);
    if (target === undefined) return false;
    const stack = parseStack(await ports.compose.resolve(target, signal));
    if (mayKeep) await ports.knownStack?.keep(target, stack);
    return !signal.aborted && comparable(stack) !== comparable(shown);
  } catch {
    return false;
  }
}
