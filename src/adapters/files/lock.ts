/**
 * The one-run-at-a-time lock, `.homeiq/lock`.
 *
 * It is taken by linking a finished file to its name, which only one process can do. A dead holder is succeeded the
 * same way: by linking to a name made from the dead holder's id, `lock.after.<id>`. Only one process can, whoever
 * looked when; a late one that acts on an old view finds that the chain from `lock` does not end with itself, and
 * steps back. The winner then puts its record in the place of `lock` and removes the links of the dead.
 */

import { link, readdir, rename, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../core/error.ts';
import type { Lock, LockHolder } from '../../ports/runs.ts';
import { deploymentPaths } from './deployment-paths.ts';
import { explainingFileErrors, hasCode } from './file-errors.ts';
import { randomHex } from './hex.ts';
import { formatLockRecord, isHeld, type LockRecord, parseLockRecord } from './lock-record.ts';
import { makeFolders } from './make-folders.ts';
import { identifyProcess } from './process-identity.ts';
import { readText } from './read-text.ts';
import { syncFolder, writeTemporary } from './write-file.ts';

type Taking = Awaited<ReturnType<Lock['take']>>;

/** One line of JSON. */
const largestLockBytes = 64 * 1024;

const successorPrefix = 'lock.after.';

const removeQuietly = (path: string): Promise<void> => unlink(path).catch(() => undefined);

const asHolder = ({ pid, runId }: LockRecord): LockHolder => ({ pid, runId });

/** Links `path` to `name`; false when the name is taken. */
async function linkOnce(path: string, name: string): Promise<boolean> {
  try {
    await link(path, name);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS')) {
      throw new UserError(`The file system of ${name} cannot hold the lock of a run`, {
        hint: 'It knows no hard links. Choose a folder on a Linux file system with --dir.',
      });
    }
    throw error;
  }
}

/** The lock of the deployment in `folder`, for this process. */
export function createLock(folder: string): Lock {
  const paths = deploymentPaths(resolve(folder));
  const successorOf = (id: string): string => join(paths.state, successorPrefix + id);
  let mine: LockRecord | undefined;

  const readRecord = async (path: string): Promise<LockRecord | undefined> => {
    const text = await readText(path, largestLockBytes);
    return text === undefined ? undefined : parseLockRecord(text);
  };
  /** From `lock` along its successors: the last one counts. */
  const readChain = async (): Promise<readonly LockRecord[]> => {
    const chain: LockRecord[] = [];
    let next = await readRecord(paths.lock);
    while (next !== undefined && !chain.some(({ id }) => id === next?.id)) {
      chain.push(next);
      next = await readRecord(successorOf(next.id));
    }
    // Somebody may have come to an end between two of these looks; then the view is a mixture.
    return (await readRecord(paths.lock))?.id === chain[0]?.id ? chain : readChain();
  };
  const livingHolder = async (): Promise<LockHolder | undefined> => {
    const last = (await readChain()).at(-1);
    return last !== undefined && isHeld(last) ? asHolder(last) : undefined;
  };

  /** Puts `record` in the place of `lock`, then forgets the dead before it. */
  const settle = async (temporary: string, chain: readonly LockRecord[]): Promise<void> => {
    await rename(temporary, paths.lock);
    await syncFolder(paths.state);
    for (const { id } of chain) await removeQuietly(successorOf(id));
  };

  /** Undefined: somebody else was quicker, look again. */
  const tryOnce = async (temporary: string, record: LockRecord): Promise<Taking | undefined> => {
    const chain = await readChain();
    const last = chain.at(-1);
    if (last === undefined) return (await linkOnce(temporary, paths.lock)) ? { kind: 'taken' } : undefined;
    if (isHeld(last)) return { kind: 'held', by: asHolder(last) };
    const successor = successorOf(last.id);
    if (!(await linkOnce(temporary, successor))) return undefined;
    if ((await readChain()).at(-1)?.id !== record.id) {
      await removeQuietly(successor);
      return undefined;
    }
    await settle(temporary, chain);
    return { kind: 'taken' };
  };

  return {
    take: runId =>
      explainingFileErrors(paths.lock, async () => {
        await makeFolders(paths);
        const record = { ...identifyProcess(process.pid), id: randomHex(16), runId };
        const temporary = await writeTemporary(paths.state, formatLockRecord(record));
        try {
          let taking: Taking | undefined;
          while (taking === undefined) taking = await tryOnce(temporary, record);
          if (taking.kind === 'taken') mine = record;
          return taking;
        } finally {
          await removeQuietly(temporary);
        }
      }),
    release: async () => {
      const last = (await readChain()).at(-1);
      if (mine === undefined || last?.id !== mine.id) return;
      // What late ones left behind goes first: once the lock is free, such a name may be somebody's claim.
      for (const name of await readdir(paths.state)) {
        if (name.startsWith(successorPrefix)) await removeQuietly(join(paths.state, name));
      }
      await removeQuietly(paths.lock);
      mine = undefined;
    },
    holder: livingHolder,
  };
}
