/** Starts the worker as a process of its own, so that it lives on when the terminal goes away. */

import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ExitCode, ExternalError, exitCodes } from '../../core/error.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import type { WorkerHost } from '../../ports/runs.ts';
import { deploymentPaths } from '../files/deployment-paths.ts';
import { explainFileError } from '../files/file-errors.ts';
import { createLock } from '../files/lock.ts';
import { makeFolders } from '../files/make-folders.ts';
import { readText } from '../files/read-text.ts';
import { keepReserve } from '../files/reserve.ts';
import { runFile } from '../files/runs.ts';
import { giveToOwnerOf, privateFileMode } from '../files/write-file.ts';
import { announceStart, describeCommand } from './run-process.ts';

export type WorkerHostOptions = {
  /** The script to run with this Node, for example the bundle. */
  readonly entry: string;
  /** The deployment folder. */
  readonly folder: string;
  /** Node's own options before the script. */
  readonly execArgv?: readonly string[];
  /** The worker's whole environment; this process's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** How long the journal may take to appear. 30000 unless given. */
  readonly startTimeoutMs?: number;
};

const defaultStartTimeoutMs = 30_000;
const lookIntervalMs = 25;

type Ending = { readonly code: number | null; readonly signal: string | null };

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function openLog(path: string, runsFolder: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
  const log = await open(path, flags, privateFileMode);
  await giveToOwnerOf(runsFolder, path);
  return log;
}

/** Resolves at the child's end, also when it could not be started at all. */
const endOf = (child: ChildProcess): Promise<Ending> =>
  new Promise(done => {
    child.once('error', error => done({ code: null, signal: error.message }));
    child.once('exit', (code, signal) => done({ code, signal }));
  });

async function readTail(path: string): Promise<string> {
  const text = (await readText(path).catch(() => undefined)) ?? '';
  return text.trimEnd().split('\n').slice(-10).join('\n');
}

const knownExitCode = (code: number | null): ExitCode =>
  Object.values(exitCodes).find(known => known === code && known !== exitCodes.done) ?? exitCodes.failed;

/**
 * The worker's process: `node <entry> worker --dir <folder>`, in a session of its own, with the request on stdin (it
 * holds secrets: never an argument, never a file) and its output in `.homeiq/runs/<run id>.log`.
 * `start` throws an ExternalError with the end of that log when the worker ends before its journal exists.
 */
export function createWorkerHost(options: WorkerHostOptions): WorkerHost {
  const folder = resolve(options.folder);
  const paths = deploymentPaths(folder);
  const lock = createLock(folder);
  const args = [...(options.execArgv ?? []), options.entry, 'worker', '--dir', folder];

  const launch = async (request: RunRequest, logPath: string): Promise<ChildProcess> => {
    const log = await openLog(logPath, paths.runs);
    try {
      announceStart(process.execPath, args);
      const child = spawn(process.execPath, args, {
        detached: true,
        stdio: ['pipe', log.fd, log.fd],
        cwd: folder,
        ...(options.environment === undefined ? {} : { env: { ...options.environment } }),
      });
      // A worker that ends before it has read everything is judged by its exit.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(JSON.stringify(request));
      return child;
    } finally {
      await log.close();
    }
  };

  const waitForJournal = async (
    child: ChildProcess,
    journal: string,
  ): Promise<Ending | 'journal' | 'late'> => {
    let ending: Ending | undefined;
    const ended = endOf(child).then(seen => {
      ending = seen;
    });
    const endMs = performance.now() + (options.startTimeoutMs ?? defaultStartTimeoutMs);
    for (;;) {
      if (await exists(journal)) return 'journal';
      if (ending !== undefined) return ending;
      if (performance.now() > endMs) return 'late';
      let timer: NodeJS.Timeout | undefined;
      const pause = new Promise<void>(done => {
        timer = setTimeout(done, lookIntervalMs);
      });
      await Promise.race([ended, pause]);
      clearTimeout(timer);
    }
  };

  return {
    start: async request => {
      const journal = runFile(paths.runs, request.runId, '.jsonl');
      const logPath = runFile(paths.runs, request.runId, '.log');
      await makeFolders(paths, paths.runs);
      await keepReserve(paths.runs);
      const child = await launch(request, logPath).catch((error: unknown) => {
        throw explainFileError(error, logPath);
      });
      const seen = await waitForJournal(child, journal);
      child.unref();
      if (seen === 'journal') return;
      if (seen === 'late') child.kill('SIGKILL');
      throw new ExternalError(
        seen === 'late' ? 'The worker did not begin its run' : 'The worker ended before it began its run',
        {
          command: describeCommand('node', args),
          ...(seen === 'late' ? {} : { status: seen.signal ?? seen.code ?? 'unknown' }),
          tail: await readTail(logPath),
          exitCode: seen === 'late' ? exitCodes.failed : knownExitCode(seen.code),
          nextSteps: [`Its log is ${logPath}`],
        },
      );
    },
    stop: async holder => {
      const current = await lock.holder();
      // The lock tells that this process is the worker; another one may have its number by now.
      if (current?.pid !== holder.pid || current.runId !== holder.runId) return;
      try {
        process.kill(holder.pid, 'SIGTERM');
      } catch (error) {
        throw explainFileError(error, `the process ${holder.pid} of run ${holder.runId}`);
      }
    },
  };
}
