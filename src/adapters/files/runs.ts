import { readdir, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { exitCodes, UserError } from '../../core/error.ts';
import type { RunEvent } from '../../core/run/journal-event.ts';
import { runIdForm } from '../../core/run/run-id.ts';
import type { Runs } from '../../ports/runs.ts';
import { deploymentPaths } from './deployment-paths.ts';
import { hasCode } from './file-errors.ts';
import { createJournalFile, createJournalReader } from './journal-file.ts';
import { createLock } from './lock.ts';
import { makeFolders } from './make-folders.ts';
import { createWaker } from './waker.ts';
import { giveToOwnerOf, syncFolder } from './write-file.ts';

const keptRuns = 50;
const journalSuffix = '.jsonl';
const logSuffix = '.log';

export type RunsOptions = {
  readonly now?: () => Date;
  /** How often a follower looks even when the file system told it nothing. 1000 unless given. */
  readonly pollIntervalMs?: number;
};

/** A file of a run: its journal, or what its worker wrote elsewhere. Throws a UserError for an id that is no file name. */
export function runFile(runsFolder: string, runId: string, suffix: '.jsonl' | '.log'): string {
  if (!runIdForm.test(runId)) {
    throw new UserError(`${JSON.stringify(runId)} is not the name of a run`, { exitCode: exitCodes.usage });
  }
  return join(runsFolder, runId + suffix);
}

/** The journals of the deployment in `folder`: `.homeiq/runs/<run id>.jsonl`, of which the last 50 are kept. */
export function createRuns(folder: string, options: RunsOptions = {}): Runs {
  const paths = deploymentPaths(resolve(folder));
  const lock = createLock(folder);
  const journalOf = (runId: string): string => runFile(paths.runs, runId, journalSuffix);

  const list = async (): Promise<readonly string[]> => {
    try {
      const names = (await readdir(paths.runs)).filter(name => name.endsWith(journalSuffix));
      return names
        .map(name => name.slice(0, -journalSuffix.length))
        .filter(runId => runIdForm.test(runId))
        .toSorted()
        .reverse();
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return [];
      throw error;
    }
  };
  /** `newest` sorts as an old one when the clock was set back. */
  const forgetOld = async (newest: string): Promise<void> => {
    const others = (await list()).filter(runId => runId !== newest);
    for (const runId of others.slice(keptRuns - 1)) {
      for (const suffix of [journalSuffix, logSuffix]) {
        await unlink(join(paths.runs, runId + suffix)).catch(() => undefined);
      }
    }
  };
  const explainMissing = (error: unknown, runId: string): unknown =>
    hasCode(error, 'ENOENT', 'ENOTDIR')
      ? new UserError(`There is no run ${runId} in ${paths.folder}`, { exitCode: exitCodes.nothingToAttach })
      : error;
  const isAtWork = async (runId: string): Promise<boolean> => (await lock.holder())?.runId === runId;

  async function* follow(runId: string, signal: AbortSignal): AsyncIterable<RunEvent> {
    const path = journalOf(runId);
    const reader = createJournalReader(path);
    const waker = createWaker(path, signal);
    try {
      while (!signal.aborted) {
        // Asked before reading: what a worker wrote before it went is then read as well.
        const wasAtWork = await isAtWork(runId);
        for (const event of await reader.readNew()) {
          if (signal.aborted) return;
          yield event;
          if (event.kind === 'run-finished') return;
        }
        if (!wasAtWork) return;
        await waker.next(options.pollIntervalMs ?? 1000);
      }
    } catch (error) {
      throw explainMissing(error, runId);
    } finally {
      waker.close();
    }
  }

  return {
    create: async runId => {
      const path = journalOf(runId);
      await makeFolders(paths, paths.runs);
      const journal = await createJournalFile(path, runId, options.now ?? (() => new Date()));
      await giveToOwnerOf(paths.runs, path);
      await syncFolder(paths.runs);
      await forgetOld(runId);
      return journal;
    },
    read: async runId => {
      try {
        return await createJournalReader(journalOf(runId)).readNew();
      } catch (error) {
        throw explainMissing(error, runId);
      }
    },
    follow,
    list,
  };
}
