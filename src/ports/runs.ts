/** Journals of runs, the lock, and the worker's process. */

import type { RunEvent, RunEventBody } from '../core/run/journal-event.ts';
import type { RunRequest } from '../core/run/run-request.ts';

export type Journal = {
  readonly runId: string;
  readonly append: (event: RunEventBody) => Promise<void>;
};

export type Runs = {
  readonly create: (runId: string) => Promise<Journal>;
  readonly read: (runId: string) => Promise<readonly RunEvent[]>;
  /** What is there, then what comes, until `run-finished`, the worker's death (the iteration ends) or the signal. */
  readonly follow: (runId: string, signal: AbortSignal) => AsyncIterable<RunEvent>;
  /** Newest first. */
  readonly list: () => Promise<readonly string[]>;
};

export type LockHolder = { readonly pid: number; readonly runId: string };

export type Lock = {
  /** Takes the lock, or says who holds it. A dead process holds nothing. */
  readonly take: (
    runId: string,
  ) => Promise<{ readonly kind: 'taken' } | { readonly kind: 'held'; readonly by: LockHolder }>;
  readonly release: () => Promise<void>;
  /** The living holder, if any. */
  readonly holder: () => Promise<LockHolder | undefined>;
};

export type WorkerHost = {
  /** Starts the worker for this request and returns once its journal exists. */
  readonly start: (request: RunRequest) => Promise<void>;
  /** Asks the running worker to stop after what it does now. */
  readonly stop: (holder: LockHolder) => Promise<void>;
};
