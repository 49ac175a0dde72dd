/** The suites of the test command: what each consists of, and how its files are run. */

import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';

export type SuiteName = 'check' | 'unit' | 'real' | 'e2e' | 'minutes';

export type Suite =
  | { readonly kind: 'commands'; readonly name: SuiteName; readonly commands: readonly Command[] }
  | {
      readonly kind: 'files';
      readonly name: SuiteName;
      readonly files: readonly string[];
      /** Files at once. */
      readonly concurrency: number;
      readonly timeoutMs: number;
    };

export type Command = {
  readonly title: string;
  readonly file: string;
  readonly args: readonly string[];
  /** Why it cannot run here. */
  readonly skip?: string;
};

export const suiteNames: readonly SuiteName[] = ['check', 'unit', 'real', 'e2e', 'minutes'];

const shellScripts = [
  'scripts/homeiq',
  'scripts/test',
  'src/deployment/homeiq-guard',
  ...globSync('scripts/{,lib/}*.sh'),
];
const bashScripts = ['.ci/run', ...globSync('.ci/lib/*.sh'), ...globSync('sandbox/base/*.sh')];

/** `isLong`: files may take hours. */
export function listSuites(isLong: boolean): readonly Suite[] {
  const files = globSync('test/**/*.test.{ts,tsx}').toSorted();
  const real = files.filter(file => file.startsWith('test/real/'));
  const minutes = files.filter(file => file.startsWith('test/minutes/'));
  const e2e = files.filter(file => file.startsWith('test/e2e/'));
  const unit = files.filter(file => ![...real, ...e2e, ...minutes].includes(file));
  // The files of one suite share the engine, so they wait for each other.
  const longMs = isLong ? 7_200_000 : 1_200_000;
  return [
    { kind: 'commands', name: 'check', commands: listChecks() },
    { kind: 'files', name: 'unit', files: unit, concurrency: availableParallelism(), timeoutMs: 120_000 },
    { kind: 'files', name: 'real', files: real, concurrency: 1, timeoutMs: longMs },
    { kind: 'files', name: 'e2e', files: e2e, concurrency: 1, timeoutMs: longMs },
    // They look at what does not change for minutes, so they may do it at the same time.
    { kind: 'files', name: 'minutes', files: minutes, concurrency: minutes.length, timeoutMs: longMs },
  ];
}

function listChecks(): readonly Command[] {
  const tool = (title: string, name: string, ...args: string[]) => ({
    title,
    file: `node_modules/.bin/${name}`,
    args,
  });
  const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;
  return [
    tool('types', 'tsc', '--noEmit'),
    tool('lint and format', 'biome', 'check', '--error-on-warnings', '.'),
    tool('imports', 'depcruise', '--config', '.dependency-cruiser.json', 'src', 'sandbox', 'scripts', 'test'),
    tool('unused', 'knip'),
    {
      title: 'shell scripts',
      file: 'shellcheck',
      args: ['--external-sources', ...shellScripts, ...bashScripts],
      ...(hasShellcheck ? {} : { skip: 'shellcheck is not installed' }),
    },
  ];
}
