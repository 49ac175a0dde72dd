/** Files with secrets that somebody else can read. Only looks. */

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExposedFile } from '../../ports/deployment-files.ts';
import { type DeploymentPaths, ownFolders } from './deployment-paths.ts';
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

/** In the folder of the deployment a group may be of one account only, as Debian and Ubuntu make it; in ours nobody else. */
const canOthersWrite = (path: string, permissions: number, paths: DeploymentPaths): boolean =>
  (permissions & (path === paths.folder ? 0o002 : 0o022)) !== 0;

/** `.env` and all that is in `.homeiq/`, with the folders they are in; those that are not there are not looked at. */
export async function findExposedFiles(paths: DeploymentPaths): Promise<readonly ExposedFile[]> {
  const owner = await lstat(paths.folder).catch(() => undefined);
  const folders = [paths.folder, ...ownFolders(paths)];
  const inside = await Promise.all(ownFolders(paths).map(namesIn));
  const found: ExposedFile[] = [];
  for (const path of [paths.env, ...inside.flat()]) {
    const facts = await lstat(path).catch(() => undefined);
    if (facts === undefined || !facts.isFile()) continue;
    const access = describeAccess(facts.mode);
    if (access !== undefined) found.push({ path, fault: access });
    if (owner !== undefined && facts.uid !== owner.uid) found.push({ path, fault: 'foreign-owner' });
  }
  for (const path of folders) {
    const facts = await lstat(path).catch(() => undefined);
    if (facts === undefined || !facts.isDirectory()) continue;
    if (canOthersWrite(path, facts.mode, paths)) found.push({ path, fault: 'writable-by-others' });
    if (owner !== undefined && facts.uid !== owner.uid) found.push({ path, fault: 'foreign-owner' });
  }
  return found;
}
