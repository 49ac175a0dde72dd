/** The only place that starts commands. Always a file and its arguments, never a shell. */

import { type ChildProcess, spawn } from 'node:child_process';
import { channel } from 'node:diagnostics_channel';
import { ExternalError } from '../../core/error.ts';
import { collectOutput } from './collect-output.ts';

type OutputStream = 'stdout' | 'stderr';

export type RunProcessOptions = {
  readonly cwd?: string;
  /** The child's whole environment; without it the child gets this process's own. Secrets go here or to `input`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the child's stdin, which is then closed. Without it stdin is empty. */
  readonly input?: string | Uint8Array;
  /** Aborting ends the child and everything it started; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Each line as it comes, without its line end; not yet safe for a terminal. */
  readonly onLine?: (text: string, stream: OutputStream) => void;
  readonly timeoutMs?: number;
  /** For each stream; what came first is dropped beyond it. 16 MiB unless given. */
  readonly maxOutputBytes?: number;
  /** Between SIGTERM and SIGKILL when the child is ended. 5000 unless given. */
  readonly killAfterMs?: number;
};

export type ProcessResult = {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** More came than `maxOutputBytes`: the beginning is missing. */
  readonly isTruncated: boolean;
  readonly durationMs: number;
};

export type RunProcess = (
  file: string,
  args: readonly string[],
  options?: RunProcessOptions,
) => Promise<ProcessResult>;

/** Published on `processStartedChannel` for every process this program starts. */
export type ProcessStarted = { readonly file: string; readonly args: readonly string[] };

/** Name of the diagnostics channel on which every start is told, so that a test can look at every argument. */
export const processStartedChannel = 'homeiq:process-started';

/** Tells whoever listens that a process is about to start. */
export function announceStart(file: string, args: readonly string[]): void {
  channel(processStartedChannel).publish({ file, args } satisfies ProcessStarted);
}

const defaultMaxOutputBytes = 16 * 1024 * 1024;
const defaultKillAfterMs = 5000;
/** A grandchild that keeps the pipes open does not hold up the result for longer than this. */
const drainAfterExitMs = 2000;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended in the meantime.
  }
}

/** The command as people write it; arguments never carry a secret. */
export const describeCommand = (file: string, args: readonly string[]): string =>
  [file, ...args].map(part => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part))).join(' ');

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-10).join('\n');

/**
 * Runs a command to its end and returns what it said, whatever its exit code.
 * The child leads its own process group, so that Ctrl+C in the terminal is ours to handle and ending it ends its children.
 * Throws an ExternalError with `status` `ENOENT`, `EACCES` … when it cannot be started, `timeout` when it took too long,
 * and the signal's reason when it was aborted.
 */
export const runProcess: RunProcess = async (file, args, options = {}) => {
  const { signal, input } = options;
  signal?.throwIfAborted();
  const startedAtMs = performance.now();
  announceStart(file, args);
  const child = spawn(file, [...args], {
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...options.env } }),
  });
  const maxBytes = options.maxOutputBytes ?? defaultMaxOutputBytes;
  const output = {
    stdout: collectOutput(child.stdout, maxBytes, line => options.onLine?.(line, 'stdout')),
    stderr: collectOutput(child.stderr, maxBytes, line => options.onLine?.(line, 'stderr')),
  };
  if (child.stdin !== null) {
    // A child that exits without reading its input is judged by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  }

  let endedBy: 'abort' | 'timeout' | undefined;
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, act: () => void): void => {
    timers.push(setTimeout(act, ms));
  };
  const end = (cause: 'abort' | 'timeout'): void => {
    if (endedBy !== undefined) return;
    endedBy = cause;
    signalGroup(child, 'SIGTERM');
    later(options.killAfterMs ?? defaultKillAfterMs, () => signalGroup(child, 'SIGKILL'));
  };
  const onAbort = (): void => end('abort');
  signal?.addEventListener('abort', onAbort, { once: true });
  if (options.timeoutMs !== undefined) later(options.timeoutMs, () => end('timeout'));

  try {
    const { code, killedBy } = await new Promise<{ code: number | null; killedBy: string | null }>(
      (resolve, reject) => {
        child.once('error', reject);
        child.once('exit', () =>
          later(drainAfterExitMs, () => {
            child.stdout?.destroy();
            child.stderr?.destroy();
          }),
        );
        child.once('close', (code, killedBy) => resolve({ code, killedBy }));
      },
    );
    if (endedBy === 'abort') signal?.throwIfAborted();
    if (endedBy === 'timeout') {
      throw new ExternalError(`${file} did not finish within ${(options.timeoutMs ?? 0) / 1000} s`, {
        command: describeCommand(file, args),
        status: 'timeout',
        tail: lastLines(output.stderr.text() || output.stdout.text()),
      });
    }
    return {
      exitCode: code ?? undefined,
      signal: killedBy ?? undefined,
      stdout: output.stdout.text(),
      stderr: output.stderr.text(),
      isTruncated: output.stdout.isTruncated() || output.stderr.isTruncated(),
      durationMs: performance.now() - startedAtMs,
    };
  } catch (error) {
    if (!isStartError(error)) throw error;
    throw new ExternalError(
      error.code === 'ENOENT' ? `${file} was not found` : `${file} could not be started (${error.code})`,
      { command: describeCommand(file, args), status: error.code },
    );
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
};

const isStartError = (error: unknown): error is Error & { readonly code: string } =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  'syscall' in error &&
  String(error.syscall).startsWith('spawn');
