/** Estimates from what was measured on this machine, where the operator wants them and there is enough of it. */

import { type Mode, otherMode } from '../mode/mode.ts';
import { type Service, type Stack, servicesOfMode } from '../stack/stack.ts';
import { enoughSeconds, figuresOf, type MemoryHistory, type ServiceMemory } from './memory-history.ts';

/** What the memory fit counts with: the catalog's figures, or those of this machine where there are enough. */
export const estimateBases = ['expected', 'measured'] as const;
export type EstimateBasis = (typeof estimateBases)[number];

/** The 95th percentile in whole MiB, not above the limit; undefined when too little time is covered. */
export function measuredEstimateMiB(
  memory: ServiceMemory | undefined,
  limitMiB: number | undefined,
): number | undefined {
  const figures = memory === undefined ? undefined : figuresOf(memory);
  if (figures === undefined || figures.coveredSeconds < enoughSeconds) return undefined;
  return Math.min(Math.ceil(figures.p95MiB), limitMiB ?? Number.POSITIVE_INFINITY);
}

/**
 * The stack with measured figures in place of the expected ones. A service that `mode` does not have counts as in the
 * other mode: a plan tells what is left, too.
 */
export function withMeasuredEstimates(stack: Stack, mode: Mode, history: MemoryHistory): Stack {
  const own = new Set(servicesOfMode(stack, mode).map(({ name }) => name));
  const services = stack.services.map((service): Service => {
    const seenIn = own.has(service.name) ? mode : otherMode(mode);
    const measuredMiB = measuredEstimateMiB(history[seenIn].get(service.name), service.limitMiB);
    return measuredMiB === undefined ? service : { ...service, expectedMiB: measuredMiB, isMeasured: true };
  });
  return { ...stack, services };
}
