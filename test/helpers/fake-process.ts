/** A `runProcess` that answers from a script and remembers what it was asked. */

import type { ProcessResult, RunProcess, RunProcessOptions } from '../../src/adapters/process/run-process.ts';

export type FakeCall = {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: RunProcessOptions;
};

type FakeAnswer = Partial<Pick<ProcessResult, 'exitCode' | 'stdout' | 'stderr'>>;

export type FakeProcess = { readonly run: RunProcess; readonly calls: readonly FakeCall[] };

/** `answer` may throw, as a program that is not there does. Lines of stderr and stdout are told before the end. */
export function createFakeProcess(answer: (call: FakeCall) => FakeAnswer): FakeProcess {
  const calls: FakeCall[] = [];
  return {
    calls,
    run: async (file, args, options = {}) => {
      const call = { file, args, options };
      calls.push(call);
      const { exitCode = 0, stdout = '', stderr = '' } = answer(call);
      for (const line of stdout.split('\n').filter(Boolean)) options.onLine?.(line, 'stdout');
      for (const line of stderr.split('\n').filter(Boolean)) options.onLine?.(line, 'stderr');
      return { exitCode, stdout, stderr, signal: undefined, isTruncated: false, durationMs: 1 };
    },
  };
}
