/** The program as an operator starts it: `scripts/homeiq`, which builds it first when its sources have changed. */

import { join } from 'node:path';
import { type ProcessResult, runProcess } from '../../src/adapters/process/run-process.ts';

export const programFile = join(import.meta.dirname, '..', '..', 'scripts', 'homeiq');

/** Variables of the test run that would change what the program does. */
const notInherited = /^(CI|NODE_TEST_CONTEXT|NODE_OPTIONS|NO_COLOR|FORCE_COLOR|HOMEIQ_.*|DOCKER_.*)$/;

/** The environment of the test run without what would change what the program does, and with `more`. */
export function programEnvironment(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || notInherited.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ...more };
}

export type ProgramRun = {
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** The command that starts it, before its own arguments. */
  readonly command?: readonly [file: string, ...args: string[]];
  readonly signal?: AbortSignal;
};

/** Runs the program to its end, without a terminal. */
export function runProgram(args: readonly string[], run: ProgramRun): Promise<ProcessResult> {
  const [file, ...leading] = run.command ?? [programFile];
  return runProcess(file, [...leading, ...args], {
    cwd: run.folder,
    env: programEnvironment(run.environment ?? {}),
    timeoutMs: run.timeoutMs ?? 60_000,
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
}
