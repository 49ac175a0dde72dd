/** How much memory the services are expected to take while a plan runs. All figures in MiB. */

import type { ServiceChange } from '../plan/service-change.ts';

export type MemoryOnTheWay = {
  /** What runs now. */
  readonly beforeMiB: number;
  /** The most at any moment of the run. */
  readonly worstMiB: number;
  readonly afterMiB: number;
};

/**
 * In the order of a run: what is stopped and what is made anew goes first, then the new ones come up; what is kept
 * stays all the time. `running` names the services that have a process now; one of unknown size counts as nothing.
 */
export function memoryOnTheWay(
  changes: readonly ServiceChange[],
  running: ReadonlySet<string>,
  expectedMiB: ReadonlyMap<string, number>,
): MemoryOnTheWay {
  const sum = (names: Iterable<string>): number =>
    [...new Set(names)].reduce((total, name) => total + (expectedMiB.get(name) ?? 0), 0);
  const namesOf = (...kinds: readonly ServiceChange['kind'][]): readonly string[] =>
    changes.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const beforeMiB = sum(running);
  // Everything that leaves has left before the first one comes: no moment has more than one of the two ends.
  const afterMiB = sum(namesOf('keep', 'recreate', 'start'));
  return { beforeMiB, worstMiB: Math.max(beforeMiB, afterMiB), afterMiB };
}
