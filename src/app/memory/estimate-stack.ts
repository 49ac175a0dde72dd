/** The stack as the memory fit counts with it: with measured figures where the operator chose them. */

import { reportError } from '../../core/error.ts';
import { withMeasuredEstimates } from '../../core/memory/measured-estimates.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { Stack } from '../../core/stack/stack.ts';
import { servicesOfMode } from '../../core/stack/stack.ts';
import type { Ports } from '../../ports/ports.ts';

export type EstimatedStack = {
  readonly stack: Stack;
  /** What the operator is told of it; empty when the expected figures count. */
  readonly notes: readonly string[];
};

/** What was measured only helps: when it cannot be read, the expected figures count, and a note says why. */
export async function estimateStack(
  { memory }: Pick<Ports, 'memory'>,
  stack: Stack,
  mode: Mode,
): Promise<EstimatedStack> {
  try {
    if ((await memory.readBasis()) === 'expected') return { stack, notes: [] };
    const measured = withMeasuredEstimates(stack, mode, await memory.read());
    const services = servicesOfMode(measured, mode).filter(({ standIn }) => standIn !== true);
    const count = services.filter(({ isMeasured }) => isMeasured === true).length;
    const note =
      count === 0
        ? 'No measured memory covers an hour yet: the expected figures count (homeiq memory).'
        : `Memory counts as measured on this machine for ${count} of ${services.length} services; back to the expected: homeiq memory --use expected.`;
    return { stack: measured, notes: [note] };
  } catch (thrown) {
    const { message } = reportError(thrown);
    return { stack, notes: [`Measured memory is not used: ${message}. The expected figures count.`] };
  }
}
