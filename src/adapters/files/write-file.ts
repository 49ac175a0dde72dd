/** Writing files so that a crash, a full disk or a second reader never sees half of one. */

import { constants } from 'node:fs';
import { chown, lstat, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explainingFileErrors, hasCode, refuseLink } from './file-errors.ts';
import { randomHex } from './hex.ts';
import { isProcessThere } from './process-identity.ts';

const temporaryPrefix = '.homeiq-new.';

/** Makes what is written there readable by one account only. */
export const privateFileMode = 0o600;
/** For what holds no secret and is read by other accounts. */
export const readableFileMode = 0o644;
const privateFolderMode = 0o700;

/** Fails when `path` is a symbolic link; nothing there is fine. */
export async function refuseSymbolicLink(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSymbolicLink()) throw refuseLink(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES')) throw error;
  }
}

/** Root working in somebody's folder leaves files that this somebody can still use. */
export async function giveToOwnerOf(folder: string, path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  if (uid !== 0) await chown(path, uid, gid);
}

/** Makes a folder of the deployment's own when it is not there; fails on a file or a link in the way. */
export async function makePrivateFolder(path: string): Promise<void> {
  await explainingFileErrors(path, async () => {
    await refuseSymbolicLink(path);
    try {
      await mkdir(path, { mode: privateFolderMode });
      await giveToOwnerOf(dirname(path), path);
    } catch (error) {
      if (!hasCode(error, 'EEXIST') || !(await lstat(path)).isDirectory()) throw error;
    }
  });
}

/** Flushes a folder's list of names to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot sync a folder; the rename is then as durable as they make it.
    if (!hasCode(error, 'EINVAL', 'ENOTSUP')) throw error;
  } finally {
    await handle.close();
  }
}

/** Temporary files of processes that died while they wrote. */
async function sweepTemporaries(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const pid = Number(name.slice(temporaryPrefix.length).split('.')[0]);
    if (!isProcessThere(pid)) await unlink(join(folder, name)).catch(() => undefined);
  }
}

/**
 * Writes `content` to a new file in `folder`, mode 0600 unless another is given, flushed to the disk; returns its path.
 * Nothing stays on failure.
 */
export async function writeTemporary(
  folder: string,
  content: string | Uint8Array,
  mode = privateFileMode,
): Promise<string> {
  const path = join(folder, `${temporaryPrefix}${process.pid}.${randomHex(6)}`);
  try {
    const handle = await open(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
      privateFileMode,
    );
    try {
      await handle.writeFile(content);
      // Whatever the umask takes away from a new file.
      if (mode !== privateFileMode) await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await giveToOwnerOf(folder, path);
    return path;
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/**
 * Replaces `path` by `content`: temporary file in the same folder, fsync, rename, fsync of the folder; mode 0600 unless
 * another is given.
 * Throws a UserError for a link or folder in the way, no permission, a read-only or a full disk; the old file is then unchanged.
 */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  mode = privateFileMode,
): Promise<void> {
  const folder = dirname(path);
  await explainingFileErrors(path, async () => {
    await refuseSymbolicLink(path);
    await sweepTemporaries(folder);
    const temporary = await writeTemporary(folder, content, mode);
    try {
      await rename(temporary, path);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    await syncFolder(folder);
  });
}

/** Whether a name is that of a file this module is still writing. */
export const isTemporary = (path: string): boolean => basename(path).startsWith(temporaryPrefix);
