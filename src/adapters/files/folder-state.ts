/** What a deployment folder is like, seen without creating anything. */

import { constants } from 'node:fs';
import { access, lstat, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../../core/error.ts';
import type { FolderState } from '../../ports/deployment-files.ts';
import type { DeploymentPaths } from './deployment-paths.ts';
import { explainFileError, hasCode } from './file-errors.ts';

/** Room for the documents, secrets and journals of a few runs. */
const neededBytes = 1024 * 1024;

const messageOf = (error: unknown): string =>
  error instanceof UserError ? error.message : error instanceof Error ? error.message : String(error);

async function nearestExisting(path: string): Promise<string> {
  try {
    await lstat(path);
    return path;
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR') || dirname(path) === path) throw error;
    return nearestExisting(dirname(path));
  }
}

/** A link or a folder where a file must go, or the other way round. */
async function findInTheWay(paths: DeploymentPaths): Promise<string | undefined> {
  const wanted = [
    { path: paths.env, isFolder: false },
    { path: paths.state, isFolder: true },
    { path: paths.record, isFolder: false },
  ];
  for (const { path, isFolder } of wanted) {
    try {
      const facts = await lstat(path);
      if (facts.isSymbolicLink()) return `${path} is a symbolic link`;
      if (facts.isDirectory() !== isFolder) {
        return isFolder ? `${path} is a file, where a folder is needed` : `${path} is not a regular file`;
      }
    } catch (error) {
      if (!hasCode(error, 'ENOENT', 'ENOTDIR')) return messageOf(explainFileError(error, path));
    }
  }
  return undefined;
}

async function findObstacle(paths: DeploymentPaths): Promise<string | undefined> {
  const nearest = await nearestExisting(paths.folder);
  if (!(await stat(nearest)).isDirectory()) return `${nearest} is a file, where a folder is needed`;
  await access(nearest, constants.W_OK | constants.X_OK);
  const { bavail, bsize } = await statfs(nearest);
  if (bavail * bsize < neededBytes) return `The disk is full: less than 1 MiB is free at ${nearest}`;
  return findInTheWay(paths);
}

async function accountName(uid: number): Promise<string> {
  const accounts = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const line = accounts.split('\n').find(entry => entry.split(':')[2] === String(uid));
  return line?.split(':')[0] ?? `uid ${uid}`;
}

async function listNames(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return [];
    throw error;
  });
}

/** Looks at the folder; creates nothing, not even for a moment. */
export async function readFolderState(paths: DeploymentPaths): Promise<FolderState> {
  const facts = await stat(paths.folder).catch(() => undefined);
  const names = await listNames(paths.folder);
  const obstacle = await findObstacle(paths).catch((error: unknown) =>
    messageOf(explainFileError(error, paths.folder)),
  );
  const uid = process.getuid?.();
  const isForeign = facts !== undefined && uid !== undefined && uid !== 0 && facts.uid !== uid;
  return {
    path: paths.folder,
    exists: facts !== undefined,
    isEmpty: names.length === 0 && facts?.isDirectory() !== false,
    isDeployment: (await stat(paths.state).catch(() => undefined))?.isDirectory() === true,
    obstacle,
    foreignOwner: isForeign ? await accountName(facts.uid) : undefined,
  };
}
