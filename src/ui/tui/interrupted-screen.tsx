/** Asks how to go on after a run was interrupted. */

import type { Store, WritableStore } from '../../app/store.ts';
import { reportError } from '../../core/error.ts';
import { type InterruptedState, interruptedKeys, presentInterrupted } from '../present/interrupted.ts';
import { findCommand } from '../present/key-hints.ts';
import { Lines } from './lines.tsx';
import type { TuiScreen, ViewProps } from './screen.ts';
import { useStore } from './use-store.ts';

const InterruptedView = ({
  store,
  size,
  glyphs,
}: ViewProps & { readonly store: Store<InterruptedState> }) => (
  <Lines lines={presentInterrupted(useStore(store), { ...size, glyphs })} size={size} />
);

type Options = {
  readonly store: WritableStore<InterruptedState>;
  /** Begins the chosen way, and shows what comes of it. */
  readonly go: (way: InterruptedState['ways'][number]) => Promise<void>;
  readonly onQuit: () => void;
};

export function createInterruptedScreen({ store, go, onQuit }: Options): TuiScreen {
  const { ways } = store.get();
  const select = (index: number): void => {
    const state = store.get();
    if (index >= 0 && index < ways.length) store.set({ ...state, selected: index });
  };
  const choose = (): void => {
    const state = store.get();
    const way = ways[state.selected];
    if (way === undefined) return;
    store.set({ ...state, isBusy: true, error: undefined });
    go(way).catch(thrown => store.set({ ...store.get(), isBusy: false, error: reportError(thrown) }));
  };
  return {
    store,
    draw: props => <InterruptedView {...props} store={store} />,
    handleKey: event => {
      const command = event.kind === 'key' ? findCommand(interruptedKeys, event.key) : undefined;
      if (command === undefined) return;
      if (command === 'quit') return onQuit();
      if (store.get().isBusy) return;
      if (command === 'choose') return choose();
      if (command === 'up') return select(store.get().selected - 1);
      if (command === 'down') return select(store.get().selected + 1);
      select(Number(command) - 1);
    },
    bindings: () => interruptedKeys,
    isTyping: () => false,
    dispose: () => {},
  };
}
