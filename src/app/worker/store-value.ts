/** Stores a value that the run was told (a token) in the mode's documents, before anything depends on it. */

import { parseEnv } from '../../core/env/parse.ts';
import { serialiseEnv } from '../../core/env/serialise.ts';
import { setValues } from '../../core/env/values.ts';
import type { StepContext } from './step.ts';

export async function storeValue(context: StepContext, key: string, value: string): Promise<void> {
  const { files } = context.ports;
  const text = (await files.readEnv()) ?? context.request.envText;
  const next = serialiseEnv(setValues(parseEnv(text), { [key]: value }));
  await files.writeModeEnv(context.request.mode, next);
  await files.writeEnv(next);
}
