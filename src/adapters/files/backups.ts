/** Copies of replaced files in `.homeiq/backups`, named by time so that they sort. */

import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { EnvBackup } from '../../ports/deployment-files.ts';
import type { DeploymentPaths } from './deployment-paths.ts';
import { explainFileError, hasCode } from './file-errors.ts';
import { makeFolders } from './make-folders.ts';
import { largestEnvBytes, readSmallFile, readText } from './read-text.ts';
import { isTemporary, writeFileAtomically } from './write-file.ts';

/** Kept of each file. */
const keptBackups = 20;

/** For example `20260102T030405.678Z`. */
const timeStamp = (at: Date): string => at.toISOString().replaceAll(/[-:]/g, '');

const timeOf = (backup: string): number =>
  Date.parse(backup.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d\.\d{3}Z)\..*$/s, '$1-$2-$3:$4:$5'));

async function listBackups(folder: string, name: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter(entry => !isTemporary(entry));
  return names.filter(entry => entry.slice(entry.indexOf('Z.') + 2) === name).toSorted();
}

/** The kept copies of `name`, newest first; none when nothing was ever replaced. Throws a UserError for one that cannot be read. */
export async function readBackups(paths: DeploymentPaths, name: string): Promise<readonly EnvBackup[]> {
  const names = await listBackups(paths.backups, name).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
    throw explainFileError(error, paths.backups);
  });
  const backups = await Promise.all(
    names
      .toReversed()
      .map(async file => ({ name: file, text: await readText(join(paths.backups, file), largestEnvBytes) })),
  );
  return backups.flatMap(({ name: file, text }) => (text === undefined ? [] : [{ name: file, text }]));
}

/**
 * Copies the file at `path` to `.homeiq/backups/<UTC time>.<name>` when it exists and differs from `next`.
 * The last 20 copies of that name are kept.
 */
export async function backUp(
  paths: DeploymentPaths,
  path: string,
  name: string,
  next: string,
  now: Date,
): Promise<void> {
  const current = await readSmallFile(path);
  if (current === undefined || current.equals(Buffer.from(next))) return;
  await makeFolders(paths, paths.backups);
  const last = (await listBackups(paths.backups, name)).at(-1);
  const afterLast = last === undefined ? 0 : timeOf(last) + 1;
  // A clock that was set back, or two writes in one millisecond: the newest copy still has the last name.
  const at = new Date(Math.max(now.getTime(), Number.isNaN(afterLast) ? 0 : afterLast));
  await writeFileAtomically(join(paths.backups, `${timeStamp(at)}.${name}`), current);
  for (const old of (await listBackups(paths.backups, name)).slice(0, -keptBackups)) {
    await unlink(join(paths.backups, old)).catch(() => undefined);
  }
}
