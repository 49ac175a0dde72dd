/** A log that the operator keeps: a new file each time, for its owner only. */

import { link, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/error.ts';
import type { DeploymentPaths } from './deployment-paths.ts';
import { explainingFileErrors, hasCode } from './file-errors.ts';
import { makeFolders } from './make-folders.ts';
import { syncFolder, writeTemporary } from './write-file.ts';

const mostOfOneSecond = 100;

/**
 * Writes `.homeiq/logs/NAME-STAMP.log`, mode 0600, whole or not at all, and tells its path. What is there is never
 * replaced: a second one of the same second has a number. Throws a UserError as every write does.
 */
export async function saveLog(
  paths: DeploymentPaths,
  name: string,
  text: string,
  now: Date,
): Promise<string> {
  const folder = join(paths.state, 'logs');
  const safeName = name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 80);
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  await makeFolders(paths, folder);
  return explainingFileErrors(folder, async () => {
    const temporary = await writeTemporary(folder, text);
    try {
      for (let count = 1; count <= mostOfOneSecond; count += 1) {
        const path = join(folder, `${safeName}-${stamp}${count === 1 ? '' : `-${count}`}.log`);
        try {
          // Unlike a rename, a link never replaces what is there.
          await link(temporary, path);
          await syncFolder(folder);
          return path;
        } catch (error) {
          if (!hasCode(error, 'EEXIST')) throw error;
        }
      }
      throw new UserError(`There are already ${mostOfOneSecond} logs of this second in ${folder}.`);
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  });
}
