/** The status for who does not draw it: told once when it is whole, then at each change and never at a tick. */

import { dataWord, listChanges, type StatusChange } from '../../core/status/status-change.ts';
import { runningContainers, type StatusState } from '../../core/status/status-state.ts';
import type { Clock } from '../../ports/host.ts';
import type { Store } from '../store.ts';

/** A database that is slow keeps the first word back for so long at most. */
const longestWaitMs = 4_000;

/** Figures of what runs and an answer of the database are there, or the engine is not. */
const isWhole = (state: StatusState, hasData: boolean): boolean =>
  state.engine.kind === 'gone' ||
  (state.engine.kind === 'answering' &&
    (runningContainers(state).length === 0 || state.totals.cpuShare !== undefined) &&
    (!hasData || dataWord(state.data) !== 'unknown'));

/** Resolves when the signal ends it. `changes` is empty the first time. */
export async function followStatus(options: {
  readonly store: Store<StatusState>;
  readonly clock: Clock;
  /** There is a database that is asked. */
  readonly hasData: boolean;
  readonly tell: (state: StatusState, changes: readonly StatusChange[]) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { store, clock, signal, tell } = options;
  let told: StatusState | undefined;
  let isLate = false;
  const look = (): void => {
    const state = store.get();
    if (told === undefined && !isLate && !isWhole(state, options.hasData)) return;
    const changes = told === undefined ? [] : listChanges(told, state);
    if (told !== undefined && changes.length === 0) return;
    told = state;
    tell(state, changes);
  };
  const unsubscribe = store.subscribe(look);
  const beLate = (): void => {
    isLate = true;
    look();
  };
  void clock.sleep(longestWaitMs, signal).then(beLate, () => undefined);
  look();
  if (!signal.aborted) {
    await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
  }
  unsubscribe();
}
