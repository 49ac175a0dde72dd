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
