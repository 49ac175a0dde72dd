/** The mode whose settings an env command works on. */

import { identifyEnv } from '../../core/env/env-identity.ts';
import { parseEnv } from '../../core/env/parse.ts';
import { exitCodes, UserError } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';

/** The recorded mode, or the one that a first `.env` names; undefined when there is neither. */
export async function activeModeOf(files: DeploymentFiles): Promise<Mode | undefined> {
  const [record, env] = await Promise.all([files.readRecord(), files.readEnv()]);
  if (record !== undefined) return record.mode;
  const identity = identifyEnv(env === undefined ? undefined : parseEnv(env), undefined);
  return identity.kind === 'known' ? identity.mode : undefined;
}

/** Throws a UserError (exit code 4) when there are no settings yet. */
export async function requireActiveMode(files: DeploymentFiles): Promise<Mode> {
  const mode = await activeModeOf(files);
  if (mode !== undefined) return mode;
  throw new UserError(`There are no settings in ${files.folder} yet.`, {
    nextSteps: ['Set a mode up: homeiq', 'Or take over a .env of HomeIQ: homeiq env import FILE'],
    exitCode: exitCodes.nothingToAttach,
  });
}
