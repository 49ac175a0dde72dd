import { useSyncExternalStore } from 'react';
import type { Store } from '../../app/store.ts';

/** The value of a store, and a new drawing whenever it changes. */
export const useStore = <State>(store: Store<State>): State =>
  useSyncExternalStore(store.subscribe, store.get);
