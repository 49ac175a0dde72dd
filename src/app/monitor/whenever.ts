import type { Store } from '../store.ts';

/** Resolves when the value of the store is so, or with the signal. Asks at every change and never in between. */
export function whenever<State>(
  store: Store<State>,
  isSo: (state: State) => boolean,
  signal: AbortSignal,
): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted || isSo(store.get())) {
      resolve();
      return;
    }
    const finish = (): void => {
      unsubscribe();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const unsubscribe = store.subscribe(() => {
      if (isSo(store.get())) finish();
    });
    signal.addEventListener('abort', finish, { once: true });
  });
}
