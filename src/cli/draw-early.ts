/** Something to read while the screens are loaded; whatever ends the program meanwhile finds the terminal as it was. */

import process from 'node:process';
import { type EarlyFrame, showEarlyFrame } from '../ui/tui/early-frame.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `environment` is read for the glyphs and the colours. */
export function drawEarly(environment: Readonly<Record<string, string | undefined>>): EarlyFrame {
  const early = showEarlyFrame(process.stdout, environment);
  const leave = (signal: NodeJS.Signals): void => {
    early.end();
    // As if nobody had listened.
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.once(signal, leave);
  // An error that nobody caught is printed after this.
  process.once('exit', early.end);
  const forget = (): void => {
    for (const signal of signals) process.off(signal, leave);
    process.off('exit', early.end);
  };
  return {
    draw: early.draw,
    handOver: () => {
      forget();
      early.handOver();
    },
    end: () => {
      forget();
      early.end();
    },
  };
}
