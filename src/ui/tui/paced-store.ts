import type { Store } from '../../app/store.ts';

export type PacedStore<State> = Store<State> & {
  /** Tells of what changed now: somebody waits for it. */
  readonly hurry: () => void;
};

/** The same store, telling of changes at most every `intervalMs`: a hundred events in a moment are one drawing. */
export function paceStore<State>(store: Store<State>, intervalMs: number): PacedStore<State> {
  const listeners = new Set<() => void>();
  let told = store.get();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop: (() => void) | undefined;

  const tell = (): void => {
    if (store.get() === told) return;
    told = store.get();
    for (const listener of [...listeners]) listener();
    rest();
  };
  const rest = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      tell();
    }, intervalMs);
  };

  return {
    get: store.get,
    subscribe: listener => {
      listeners.add(listener);
      stop ??= store.subscribe(() => {
        if (timer === undefined) tell();
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
        stop?.();
        stop = undefined;
      };
    },
    hurry: tell,
  };
}
