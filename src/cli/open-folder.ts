/** Which folder, and on which level it runs. */

import { createDeploymentFiles } from '../adapters/files/deployment-files.ts';
import { findDeploymentFolder } from '../adapters/files/find-deployment-folder.ts';
import { exitCodes, UserError } from '../core/error.ts';
import type { Level } from '../core/plan/plan.ts';
import type { Arguments } from './arguments.ts';
import { makeRehearsalFolder } from './rehearsal-folder.ts';
import type { Environment } from './session.ts';

export type FolderQuestion = {
  readonly environment: Environment;
  readonly cwd: string;
  readonly home: string;
  readonly programFolder: string;
};

const levelOption: Readonly<Record<Level, string>> = {
  bundled: 'without --sandbox',
  sandbox: 'with --sandbox',
  rehearsal: 'with --rehearse',
};

/**
 * The deployment folder and its level. A folder that was set up on one level refuses another (exit code 3), except
 * that no level has to be named for commands on a sandbox that is already there.
 */
export async function openFolder(
  parsed: Arguments,
  { environment, cwd, home, programFolder }: FolderQuestion,
): Promise<{ readonly folder: string; readonly level: Level }> {
  if (parsed.level === 'rehearsal') {
    return { folder: await makeRehearsalFolder(), level: 'rehearsal' };
  }
  const folder = await findDeploymentFolder({
    dir: parsed.dir,
    environment,
    cwd,
    home,
    programFolder,
    level: parsed.level,
  });
  const record = await createDeploymentFiles(folder).readRecord();
  if (record === undefined || record.level === parsed.level) return { folder, level: parsed.level };
  const isFollowing = parsed.command !== 'setup' && parsed.command !== 'plan' && parsed.level === 'bundled';
  if (isFollowing) return { folder, level: record.level };
  throw new UserError(`${folder} holds a ${record.level} deployment.`, {
    hint: `Run the command ${levelOption[record.level]}, or choose another folder with --dir.`,
    exitCode: exitCodes.refused,
  });
}
