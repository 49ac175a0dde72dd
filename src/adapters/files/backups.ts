/** Copies of replaced files in `.homeiq/backups`, named by time so that they sort. */

import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeploymentPaths } from './deployment-paths.ts';
import { makeFolders } from './make-folders.ts';
import { readSmallFile } from './read-text.ts';
import { isTemporary, writeFileAtomically } from './write-file.ts';

/** Kept of each file. */
export const keptBackups = 20;

/** For example `20260102T030405.678Z`. */
const timeStamp = (at: Date): string => at.toISOString().replaceAll(/[-:]/g, '');

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
  const existing = new Set(await readdir(paths.backups));
  // A clock that was set back, or two writes in one millisecond, must not replace an older copy.
  let at = now.getTime();
  while (existing.has(`${timeStamp(new Date(at))}.${name}`)) at++;
  await writeFileAtomically(join(paths.backups, `${timeStamp(new Date(at))}.${name}`), current);
  const copies = (await readdir(paths.backups))
    .filter(entry => !isTemporary(entry) && entry.slice(entry.indexOf('Z.') + 2) === name)
    .toSorted();
  for (const old of copies.slice(0, -keptBackups))
    await unlink(join(paths.backups, old)).catch(() => undefined);
}
