/** Files with secrets that somebody else can read. Only looks. */

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExposedFile } from '../../ports/deployment-files.ts';
import type { DeploymentPaths } from './deployment-paths.ts';
import { hasCode } from './file-errors.ts';

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted().map(name => join(folder, name));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  }
}

/** What is wrong with a file's permission bits, seen from those who are not its owner. */
export function describeAccess(permissions: number): 'group-readable' | 'world-readable' | undefined {
  if ((permissions & 0o007) !== 0) return 'world-readable';
  return (permissions & 0o070) === 0 ? undefined : 'group-readable';
}

/** `.env`, the documents of the modes, secrets and backups; those that are not there are not looked at. */
export async function findExposedFiles(paths: DeploymentPaths): Promise<readonly ExposedFile[]> {
  const owner = await lstat(paths.folder).catch(() => undefined);
  const inside = await Promise.all([paths.modes, paths.secrets, paths.backups].map(namesIn));
  const found: ExposedFile[] = [];
  for (const path of [paths.env, ...inside.flat()]) {
    const facts = await lstat(path).catch(() => undefined);
    if (facts === undefined || !facts.isFile()) continue;
    const access = describeAccess(facts.mode);
    if (access !== undefined) found.push({ path, fault: access });
    if (owner !== undefined && facts.uid !== owner.uid) found.push({ path, fault: 'foreign-owner' });
  }
  return found;
}
