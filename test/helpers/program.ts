/** The program as a process: by its launcher as an operator starts it, or as a bundle made for one test file. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, program, root } from '../../scripts/lib/bundle.mjs';
import { type ProcessResult, runProcess } from '../../src/adapters/process/run-process.ts';

/** `scripts/homeiq`, which builds the program first when its sources have changed. */
export const launcher = join(root, 'scripts', 'homeiq');

export type Command = readonly [file: string, ...args: string[]];

/**
 * The program bundled from the sources as they are, which needs nothing that a launcher would have to bring. It cannot
 * start a worker of its own: that one comes from the launcher's build.
 */
export async function provideBundle(
  name: string,
): Promise<{ readonly command: Command; readonly remove: () => Promise<void> }> {
  const folder = join(root, 'dist', 'test', `${name}-${process.pid}`);
  await bundle({ ...program, outputFolder: folder });
  return {
    command: [process.execPath, join(folder, 'main.js')],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

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
  /** What starts it; the launcher unless given. */
  readonly command?: Command;
};

/** Runs the program to its end, without a terminal. */
export function runProgram(args: readonly string[], run: ProgramRun): Promise<ProcessResult> {
  const [file, ...leading] = run.command ?? [launcher];
  return runProcess(file, [...leading, ...args], {
    cwd: run.folder,
    env: programEnvironment(run.environment ?? {}),
    timeoutMs: run.timeoutMs ?? 60_000,
  });
}
