/** Runs one suite and tells what became of each test. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Command, Suite } from './test-suites.ts';

export type Outcome = {
  /** `noted`: a figure that a test told, as its name. */
  readonly kind: 'passed' | 'failed' | 'skipped' | 'noted';
  readonly name: string;
  readonly file: string | undefined;
  /** Of a skipped test. */
  readonly reason: string | undefined;
  /** Of a failed one. */
  readonly error: string | undefined;
};

type Line = Outcome | { readonly kind: 'output'; readonly file: string | undefined; readonly text: string };

/** `environment` is added to that of this process. `onOutcome` gets each outcome as it comes. */
export async function runSuite(
  suite: Suite,
  environment: Readonly<Record<string, string>>,
  onOutcome: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const take = (outcome: Outcome) => {
    outcomes.push(outcome);
    onOutcome(outcome);
  };
  if (suite.kind === 'commands') {
    await Promise.all(suite.commands.map(async command => take(await runCommand(command))));
  } else if (suite.files.length > 0) {
    await runFiles(suite, environment, take);
  }
  return outcomes;
}

async function runCommand(command: Command): Promise<Outcome> {
  const outcome = { name: command.title, file: undefined, reason: command.skip, error: undefined };
  if (command.skip !== undefined) return { ...outcome, kind: 'skipped' };
  const child = spawn(command.file, [...command.args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await exitCodeOf(child);
  const said = Buffer.concat(chunks).toString().trim();
  return code === 0 ? { ...outcome, kind: 'passed' } : { ...outcome, kind: 'failed', error: said };
}

async function runFiles(
  suite: Extract<Suite, { kind: 'files' }>,
  environment: Readonly<Record<string, string>>,
  take: (outcome: Outcome) => void,
): Promise<void> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', '--test', '--test-reporter=./scripts/lib/test-reporter.mjs'],
      `--test-timeout=${suite.timeoutMs}`,
      `--test-concurrency=${suite.concurrency}`,
      ...suite.files,
    ],
    // The variable is how Node knows a run inside a run, which it would leave out.
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment, NODE_TEST_CONTEXT: undefined },
    },
  );
  const exited = exitCodeOf(child);
  const printed = new Map<string, string>();
  let hasFailure = false;
  for await (const text of createInterface({ input: child.stdout })) {
    const line: Line = JSON.parse(text);
    if (line.kind === 'output') {
      printed.set(line.file ?? '', (printed.get(line.file ?? '') ?? '') + line.text);
      continue;
    }
    hasFailure ||= line.kind === 'failed';
    // What a file printed is worth reading only when something in it failed.
    const output = line.kind === 'failed' ? printed.get(line.file ?? '')?.trim() : undefined;
    take(output ? { ...line, error: `${line.error}\nThe file printed:\n${output}` } : line);
  }
  const code = await exited;
  if (code !== 0 && !hasFailure) {
    const error = `the test runner ended with ${code}`;
    take({ kind: 'failed', name: `suite ${suite.name}`, file: undefined, reason: undefined, error });
  }
}

/** Of a process that a signal ended: the signal's name. */
async function exitCodeOf(child: ReturnType<typeof spawn>): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
  });
}
