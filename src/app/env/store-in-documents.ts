/** Storing values that a run was told (tokens) in the documents of a mode. Called by steps of a run only. */

import { modeOfDocument } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { serialiseEnv } from '../../core/env/serialise.ts';
import { type EnvValues, setValues } from '../../core/env/values.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';

/**
 * Sets the values in the mode's own document (`fallback` while there is none) and, while `.env` is that mode's, in
 * `.env` and in what edits by hand are told from, so that an edit made during the run stays one. The order is that of
 * `writeDocuments`. Returns whether `.env` was that mode's.
 */
export async function storeInDocuments(
  files: DeploymentFiles,
  mode: Mode,
  values: EnvValues,
  fallback: string,
): Promise<boolean> {
  const [env, own, written] = await Promise.all([
    files.readEnv(),
    files.readModeEnv(mode),
    files.readWrittenEnv(mode),
  ]);
  const change = (text: string): string => serialiseEnv(setValues(parseEnv(text), values));
  const isActive = env !== undefined && modeOfDocument(parseEnv(env)) === mode;
  await files.writeModeEnv(mode, change(own ?? (isActive ? env : fallback)));
  if (!isActive) return false;
  await files.writeEnv(change(env));
  await files.writeWrittenEnv(mode, change(written ?? env));
  return true;
}
