/** Whose document `.env` is: that of the recorded mode, or a file that somebody put in its place. */

import { isMode, type Mode } from '../mode/mode.ts';
import type { EnvDocument } from './env-document.ts';
import { documentValues } from './values.ts';

export type EnvIdentity =
  | { readonly kind: 'absent' }
  | { readonly kind: 'known'; readonly mode: Mode }
  | {
      readonly kind: 'foreign';
      /** Undefined: it names no mode. */
      readonly mode: Mode | undefined;
      /** Undefined: nothing was set up here yet. */
      readonly recorded: Mode | undefined;
    };

export type RecordedModes = {
  readonly mode: Mode;
  /** A run was about to write `.env` for this mode when it ended. */
  readonly nextMode?: Mode | undefined;
};

/** The mode that a document names; undefined when it names none that there is. */
export function modeOfDocument(document: EnvDocument): Mode | undefined {
  const { DEPLOYMENT_MODE: mode = '' } = documentValues(document);
  return isMode(mode) ? mode : undefined;
}

export function identifyEnv(env: EnvDocument | undefined, record: RecordedModes | undefined): EnvIdentity {
  if (env === undefined) return { kind: 'absent' };
  const mode = modeOfDocument(env);
  const isExpected = record === undefined || mode === record.mode || mode === record.nextMode;
  return mode !== undefined && isExpected
    ? { kind: 'known', mode }
    : { kind: 'foreign', mode, recorded: record?.mode };
}

/** What is seen, and the ways out; undefined when `.env` is this deployment's, or not there. */
export function describeForeignEnv(
  env: EnvDocument | undefined,
  record: RecordedModes | undefined,
): { readonly text: string; readonly mend: readonly string[] } | undefined {
  const identity = identifyEnv(env, record);
  if (identity.kind !== 'foreign') return undefined;
  const { mode, recorded } = identity;
  const takeOver = 'Take over what it says: homeiq env import .env';
  if (recorded === undefined) {
    return {
      text: 'There is a .env that names no mode, and homeiq did not write it.',
      mend: [takeOver, 'Or move it away: mv .env env.old'],
    };
  }
  return {
    text: `.env is ${mode === undefined ? 'of no mode' : `of ${mode} mode`}, and this deployment is in ${recorded} mode. Nothing is taken from it.`,
    mend: [`Put the settings of ${recorded} back: homeiq env undo`, `${takeOver} --mode ${recorded}`],
  };
}
