/** The shell: it alone has the terminal. One place for keys, size and help. */

import { useApp, useInput, usePaste, useStdin, useStdout, useWindowSize } from 'ink';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { Glyphs } from '../present/glyphs.ts';
import { presentHelp } from '../present/help.ts';
import { createKeyNormaliser, type KeyEvent, type KeyNormaliser } from './keys.ts';
import { Lines, PainterContext } from './lines.tsx';
import { createPainter, type Painter } from './painter.ts';
import type { Shell, TuiScreen } from './screen.ts';

export type ShellViewProps = {
  readonly screen: TuiScreen;
  readonly glyphs: Glyphs;
  /** Whether frames are drawn by their differences, with or without colours. Undefined: Ink draws them. */
  readonly painting?: { readonly hasStyles: boolean } | undefined;
  /** Tells of every change of the terminal's size, also of one that was taken back before anybody looked. */
  readonly onSizeSignal?: ((listener: () => void) => () => void) | undefined;
  /** Gets the way of lending out the terminal, which is there once the shell is. */
  readonly takeSuspend?: (suspend: Shell['suspend']) => void;
};

/** What lies over the screen: nothing, or the help from a line on. */
type Help = { readonly isOpen: boolean; readonly scroll: number };

const closedHelp: Help = { isOpen: false, scroll: 0 };

const scrollKeys: Readonly<Record<string, number>> = {
  up: -1,
  k: -1,
  down: 1,
  j: 1,
  'page-up': -10,
  'page-down': 10,
};

/** The help after a key while it is open: it scrolls, and any other key closes it. */
function reduceHelp(help: Help, event: KeyEvent, count: number): Help {
  const by = event.kind === 'key' ? scrollKeys[event.key] : undefined;
  if (by === undefined) return closedHelp;
  return { isOpen: true, scroll: Math.max(0, Math.min(count - 1, help.scroll + by)) };
}

const isKey = (event: KeyEvent, key: string): boolean => event.kind === 'key' && event.key === key;

/** Made once; it draws nothing any more when the shell is gone. */
function usePainter(painting: ShellViewProps['painting']): Painter | undefined {
  const { stdout } = useStdout();
  const [painter] = useState(() =>
    painting === undefined ? undefined : createPainter({ ...painting, write: text => stdout.write(text) }),
  );
  useEffect(() => painter?.stop, [painter]);
  return painter;
}

/** The one place that listens to the keyboard. Ctrl+C always reaches the screen. */
export const ShellView = ({ screen, glyphs, painting, onSizeSignal, takeSuspend }: ShellViewProps) => {
  const { columns, rows } = useWindowSize();
  const painter = usePainter(painting);
  useEffect(
    () => (painter === undefined ? undefined : onSizeSignal?.(painter.repaintSoon)),
    [painter, onSizeSignal],
  );
  const { suspendTerminal } = useApp();
  useEffect(() => {
    takeSuspend?.(work =>
      painter === undefined ? suspendTerminal(work) : painter.lend(() => suspendTerminal(work)),
    );
  }, [takeSuspend, suspendTerminal, painter]);
  const { isRawModeSupported } = useStdin();
  // Keys that came in one read are handled before the next drawing: what they change must be known at once.
  const help = useRef(closedHelp);
  const normaliser = useRef<KeyNormaliser>(undefined);
  const [, draw] = useState(closedHelp);

  const setHelp = (next: Help): void => {
    help.current = next;
    draw(next);
  };
  const handle = useEffectEvent((event: KeyEvent) => {
    if (help.current.isOpen && !isKey(event, 'ctrl-c')) {
      setHelp(reduceHelp(help.current, event, screen.bindings().length));
    } else if (isKey(event, 'ctrl-l')) {
      // As everywhere: another program wrote over the screen.
      painter?.repaint();
    } else if (isKey(event, '?') && !screen.isTyping()) {
      setHelp({ isOpen: true, scroll: 0 });
    } else {
      setHelp(closedHelp);
      screen.handleKey(event);
    }
  });
  useEffect(() => {
    const created = createKeyNormaliser(event => handle(event));
    normaliser.current = created;
    return created.dispose;
  }, []);
  useInput((input, key) => normaliser.current?.input(input, key), { isActive: isRawModeSupported });
  usePaste(text => normaliser.current?.paste(text), { isActive: isRawModeSupported });

  const size = { columns, rows };
  const shown = help.current.isOpen ? (
    <Lines lines={presentHelp(screen.bindings(), help.current.scroll, { ...size, glyphs })} size={size} />
  ) : (
    screen.draw({ size, glyphs })
  );
  return <PainterContext value={painter}>{shown}</PainterContext>;
};
