/** A value that changes and tells its readers. The renderings read; only the owner writes. */
export type Store<State> = {
  readonly get: () => State;
  /** Calls `listener` after each change; returns the way to stop. */
  readonly subscribe: (listener: () => void) => () => void;
};

export type WritableStore<State> = Store<State> & {
  /** Listeners are told only when the value is another object. */
  readonly set: (next: State) => void;
};

export function createStore<State>(initial: State): WritableStore<State> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set: next => {
      if (next === current) return;
      current = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
