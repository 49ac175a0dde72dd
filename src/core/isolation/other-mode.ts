/** Which containers of a project belong to the other mode, and since when there are none: the two never run together. */

import { isMode, type Mode } from '../mode/mode.ts';
import { onlyModeOf } from '../mode/only-mode.ts';
import type { Stack } from '../stack/stack.ts';

type SeenContainer = {
  readonly service: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
};

/**
 * Why a container is not one of `mode`; undefined for those of the mode and for neutral ones. Its own environment tells,
 * and the profiles and the type of its service where the stack has it; it does not matter who started it, or how.
 */
export function describeOtherMode(
  { service, environment }: SeenContainer,
  stack: Stack,
  mode: Mode,
): string | undefined {
  const { DEPLOYMENT_MODE: own } = environment;
  if (own !== undefined && own !== mode) return `its DEPLOYMENT_MODE is ${own}`;
  const known = stack.services.find(({ name }) => name === service);
  const ofOthers = (known?.profiles ?? []).filter(profile => isMode(profile));
  if (ofOthers.length > 0 && !ofOthers.includes(mode)) return `${service} belongs to ${ofOthers.join()} only`;
  const only = onlyModeOf(known?.type ?? '');
  return only !== undefined && only !== mode ? `${service} is of type ${known?.type}` : undefined;
}

/**
 * Milliseconds since the epoch at which the oldest running service that depends on the mode started: a switch has removed
 * everything of the other mode before that, so nothing of it may have written since. Undefined: nothing runs.
 */
export function modeStartedAtMs(
  containers: readonly {
    readonly state: string;
    readonly startedAt: string | undefined;
    readonly environment: Readonly<Record<string, string>>;
  }[],
  mode: Mode,
): number | undefined {
  const starts = containers
    .filter(({ state, environment }) => state === 'running' && environment.DEPLOYMENT_MODE === mode)
    .flatMap(({ startedAt }) => (startedAt === undefined ? [] : [Date.parse(startedAt)]));
  return starts.length === 0 ? undefined : Math.min(...starts);
}
