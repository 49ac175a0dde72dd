/** Reading a mode from text that a person or a file gave. */

import { nearestWord } from '../text/nearest-word.ts';
import { type Mode, modes } from './mode.ts';

export type ModeReading =
  | { readonly kind: 'mode'; readonly mode: Mode }
  /** `nearest` is what was probably meant; undefined when nothing is near. */
  | { readonly kind: 'unknown'; readonly text: string; readonly nearest: Mode | undefined };

/**
 * As HomeIQ's services read `DEPLOYMENT_MODE`: case and surrounding space do not matter, unset and empty are production.
 * A word that is no mode is never taken for one.
 */
export function readDeploymentMode(given: string | undefined): ModeReading {
  const text = (given ?? '').trim().toLowerCase();
  if (text === '') return { kind: 'mode', mode: 'production' };
  const mode = modes.find(name => name === text);
  if (mode !== undefined) return { kind: 'mode', mode };
  const shortOrLong = modes.find(name => name.startsWith(text) || text.startsWith(name));
  const nearest = shortOrLong ?? modes.find(name => name === nearestWord(text, modes));
  return { kind: 'unknown', text: (given ?? '').trim(), nearest };
}
