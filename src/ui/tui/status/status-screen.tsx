/** The live status as a screen of the shell. */

import { useEffect } from 'react';
import type { StatusSession, StatusSessionState } from '../../../app/monitor/status-session.ts';
import type { Store } from '../../../app/store.ts';
import { presentStatusFrame } from '../../present/status.ts';
import { statusKeys } from '../../present/status-keys.ts';
import { Lines } from '../lines.tsx';
import { paceStore } from '../paced-store.ts';
import type { TuiScreen, ViewProps } from '../screen.ts';
import { useStore } from '../use-store.ts';
import { readStatusKey } from './status-input.ts';

export type StatusScreenOptions = {
  readonly session: StatusSession;
  /** Called once, when the operator leaves. */
  readonly onQuit: () => void;
  /** Called once, when the operator wants the other mode. */
  readonly onSwitch: () => void;
};

/** What happens by itself is drawn so often at most; what a key does, at once. */
const drawIntervalMs = 100;

type LiveProps = ViewProps & {
  readonly session: StatusSession;
  readonly store: Store<StatusSessionState>;
};

const LiveStatus = ({ session, store, size, glyphs }: LiveProps) => {
  const { lines, inSight } = presentStatusFrame(useStore(store), { ...size, glyphs });
  // What is drawn decides what is worth asking for.
  useEffect(() => session.see(inSight));
  return <Lines lines={lines} size={size} />;
};

export function createStatusScreen({ session, onQuit, onSwitch }: StatusScreenOptions): TuiScreen {
  const view = () => session.store.get().view;
  const store = paceStore(session.store, drawIntervalMs);
  return {
    store: session.store,
    draw: props => <LiveStatus {...props} session={session} store={store} />,
    handleKey: event => {
      const intent = readStatusKey(view(), event);
      if (intent === undefined || view().ending !== undefined) return;
      session.dispatch(intent);
      store.hurry();
      const { ending } = view();
      if (ending === 'quit') onQuit();
      else if (ending === 'switch-mode') onSwitch();
    },
    bindings: () => statusKeys(view()),
    isTyping: () => view().isFiltering || view().log.isSearching,
    dispose: session.dispose,
  };
}
