/** Clean-up in the order in which it has to be done: what came last goes first. */

import type { TestContext } from 'node:test';

export type Undo = (step: () => unknown) => void;

/** Steps given to the result run after the test, the last one first; each runs, whatever another one throws. */
export function createUndo(t: TestContext): Undo {
  const steps: (() => unknown)[] = [];
  t.after(async () => {
    const failures: unknown[] = [];
    for (const step of steps.toReversed()) {
      try {
        await step();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
  return step => steps.push(step);
}
