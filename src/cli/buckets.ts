/** `homeiq buckets`: the organizations, buckets and tokens of both modes in InfluxDB, made right or only looked at. */

import type { InfluxdbUser } from '../app/buckets/recover-operator.ts';
import { lookAtBuckets, planBuckets } from '../app/setup/plan-buckets.ts';
import { followRun, startRun } from '../app/setup/start-run.ts';
import { influxdbAdmin } from '../app/worker/influxdb-step.ts';
import type { BucketsReport } from '../core/buckets/buckets-report.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import { modes as allModes, type Mode } from '../core/mode/mode.ts';
import { blockingStep, initialRunState, type RunState, reduceRun } from '../core/run/reduce-run.ts';
import type { Ports } from '../ports/ports.ts';
import { bucketsDocument } from '../ui/json/buckets.ts';
import { toJsonLine } from '../ui/json/escape.ts';
import { bucketsLines } from '../ui/plain/buckets.ts';
import { createRunPrinter } from '../ui/plain/run.ts';
import type { Arguments } from './arguments.ts';
import type { Environment, Session } from './session.ts';

export type BucketsTerminal = {
  readonly print: (text: string) => void;
  /** Undefined when nobody can be asked. */
  readonly askUser: ((suggestion: string) => Promise<InfluxdbUser>) | undefined;
  readonly signal: AbortSignal;
};

function refuseWrongUse(parsed: Arguments): void {
  const refuse = (message: string, hint: string): never => {
    throw new UserError(message, { hint, exitCode: exitCodes.usage });
  };
  const asksForChange =
    parsed.recover !== undefined || parsed.retentionDays !== undefined || parsed.deleteData.length > 0;
  if (parsed.check && asksForChange) refuse('--check only looks.', 'Leave it out to make the change.');
  if (parsed.retentionDays !== undefined && parsed.mode === undefined) {
    refuse('--retention-days needs a mode.', 'For example: homeiq buckets --mode test --retention-days 14');
  }
}

/** Never from the command line, which every process of the machine can read. */
async function readUser(
  parsed: Arguments,
  environment: Environment,
  { askUser }: BucketsTerminal,
): Promise<InfluxdbUser | undefined> {
  if (parsed.recover !== 'password') return undefined;
  const { HOMEIQ_INFLUXDB_USERNAME: username, HOMEIQ_INFLUXDB_PASSWORD: password } = environment;
  if (password !== undefined && password !== '') return { username: username || influxdbAdmin, password };
  if (askUser === undefined || parsed.json) return undefined;
  const user = await askUser(username || influxdbAdmin);
  // Nothing typed: the stored password of our own user is tried.
  return user.password === '' ? undefined : user;
}

async function followToEnd(
  ports: Ports,
  runId: string,
  isJson: boolean,
  { print, signal }: BucketsTerminal,
): Promise<RunState> {
  const printer = createRunPrinter();
  let state = initialRunState;
  for await (const event of followRun(ports, runId, signal)) {
    state = reduceRun(state, event);
    if (!isJson) for (const line of printer(state, event)) print(line);
  }
  return state;
}

function show(parsed: Arguments, print: (text: string) => void, report: BucketsReport, run?: RunState): void {
  if (parsed.json) print(toJsonLine(bucketsDocument(report, run)));
  else for (const line of bucketsLines(report)) print(line);
}

export async function runBuckets(
  { ports }: Pick<Session, 'ports'>,
  parsed: Arguments,
  environment: Environment,
  terminal: BucketsTerminal,
): Promise<ExitCode> {
  refuseWrongUse(parsed);
  const { print, signal } = terminal;
  const modes: readonly Mode[] = parsed.mode === undefined ? allModes : [parsed.mode];
  if (parsed.check) {
    const report = await lookAtBuckets(ports, modes, signal);
    show(parsed, print, report);
    return report.faults.length === 0 ? exitCodes.done : exitCodes.failed;
  }
  const task = {
    modes,
    ...(parsed.retentionDays === undefined ? {} : { retentionDays: parsed.retentionDays }),
    ...(parsed.recover === undefined ? {} : { recover: parsed.recover }),
  };
  const request = await planBuckets(ports, task, parsed.deleteData);
  const influxdbUser = await readUser(parsed, environment, terminal);
  const runId = await startRun(ports, {
    ...request,
    ...(influxdbUser === undefined ? {} : { influxdbUser }),
  });
  const run = await followToEnd(ports, runId, parsed.json, terminal);
  if (signal.aborted) return exitCodes.interrupted;
  if (run.status === 'done' || parsed.json)
    show(parsed, print, await lookAtBuckets(ports, modes, signal), run);
  if (run.status === 'stopped') return exitCodes.interrupted;
  return run.status === 'done' ? exitCodes.done : (blockingStep(run)?.error?.exitCode ?? exitCodes.failed);
}
