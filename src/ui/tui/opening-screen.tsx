/** Stands while the next screen is made ready, and says why when it cannot be. */

import type { Store, WritableStore } from '../../app/store.ts';
import { exitCodes, reportError } from '../../core/error.ts';
import { errorLines } from '../plain/error.ts';
import { findCommand } from '../present/key-hints.ts';
import { type OpeningState, openingKeys, presentOpening } from '../present/opening.ts';
import { Lines } from './lines.tsx';
import type { Shell, TuiScreen, ViewProps } from './screen.ts';
import { useStore } from './use-store.ts';

const OpeningView = ({ store, size, glyphs }: ViewProps & { readonly store: Store<OpeningState> }) => (
  <Lines lines={presentOpening(useStore(store), { ...size, glyphs })} size={size} />
);

type OpeningOptions = {
  readonly shell: Shell;
  readonly store: WritableStore<OpeningState>;
  /** Makes the next screen. */
  readonly open: () => Promise<TuiScreen>;
};

/** Shows what is waited for until `open` has made the next screen. */
export function createOpeningScreen({ shell, store, open }: OpeningOptions): TuiScreen {
  let isOver = false;
  void open().then(
    next => (isOver ? next.dispose() : shell.show(next)),
    thrown => store.set({ ...store.get(), error: reportError(thrown) }),
  );
  return {
    store,
    draw: props => <OpeningView {...props} store={store} />,
    handleKey: event => {
      if (event.kind !== 'key' || findCommand(openingKeys, event.key) === undefined) return;
      const { error } = store.get();
      shell.exit(error?.exitCode ?? exitCodes.interrupted, error === undefined ? [] : errorLines(error));
    },
    bindings: () => openingKeys,
    isTyping: () => false,
    dispose: () => {
      isOver = true;
    },
  };
}
