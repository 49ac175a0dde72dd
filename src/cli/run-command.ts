/** Finds the deployment folder, puts the ports together, and hands over to the command. */

import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import process from 'node:process';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { RunRequest } from '../core/run/run-request.ts';
import { sanitiseText } from '../core/text/sanitise.ts';
import type { Arguments } from './arguments.ts';
import { createPorts } from './create-ports.ts';
import { drawEarly } from './draw-early.ts';
import { runHome } from './home.ts';
import { openFolder } from './open-folder.ts';
import type { CommandName } from './option-table.ts';
import { stopOptimising } from './stop-optimising.ts';
import { askUser, openTerminal } from './terminal.ts';

export type ProgramFacts = { readonly programFolder: string; readonly programVersion: string };

// The last gate for all that a command says, whoever forgot an earlier one. JSON has nothing left that would change.
const warn = (text: string): void => void process.stderr.write(`${sanitiseText(text)}\n`);

const print = (text: string): void => void process.stdout.write(`${sanitiseText(text)}\n`);

/** Aborts on the signals that end a program; the exit code is 130 then. */
function createInterruption(signals: readonly NodeJS.Signals[]): AbortSignal {
  const interruption = new AbortController();
  // Every container that is looked at listens for the end.
  setMaxListeners(0, interruption.signal);
  for (const signal of signals) process.once(signal, () => interruption.abort(new Error(signal)));
  return interruption.signal;
}

/** For commands that do nothing a closed terminal should not end. */
const untilInterrupted = (): AbortSignal => createInterruption(['SIGINT', 'SIGTERM', 'SIGHUP']);

export async function runCommand(
  parsed: Arguments,
  command: CommandName | 'home' | 'worker',
  { programFolder, programVersion }: ProgramFacts,
): Promise<ExitCode> {
  const environment = process.env;
  const { folder, level } = await openFolder(parsed, {
    environment,
    cwd: process.cwd(),
    home: homedir(),
    programFolder,
  });
  const settled: Arguments = { ...parsed, level };
  const isScreen = !settled.json && !settled.plain && process.stdin.isTTY && process.stdout.isTTY;
  if (command === 'home' || (command === 'attach' && isScreen)) {
    const early =
      isScreen && environment.INK_SCREEN_READER !== 'true'
        ? drawEarly(settled.ascii ? { ...environment, HOMEIQ_ASCII: '1' } : environment)
        : undefined;
    try {
      return await runHome(settled, { folder, programFolder, version: programVersion, environment, early });
    } finally {
      early?.end();
    }
  }
  stopOptimising();
  const portsRequest = { folder, programFolder, version: programVersion, environment };
  const { createSession } = await import('./session.ts');
  if (command === 'worker') {
    const { runWorker } = await import('./worker.ts');
    const request = await readRequest();
    const ports = await createPorts({
      ...portsRequest,
      level: request.plan.level,
      composeAnswers: request.composeAnswers,
    });
    return runWorker(ports, request, {
      pid: process.pid,
      signal: createInterruption(['SIGTERM', 'SIGINT']),
    });
  }
  const ports = await createPorts({ ...portsRequest, level });
  const takesAnswers = ['plan', 'setup', 'switch', 'env'].includes(command);
  const answers = takesAnswers
    ? await (await import('./answers.ts')).readAnswers(ports, settled, environment, warn)
    : undefined;
  const session = createSession(ports, settled, folder, environment, answers);
  switch (command) {
    case 'plan': {
      const { runPlan } = await import('./plan.ts');
      return runPlan(session, settled, print);
    }
    case 'setup': {
      const { runSetup } = await import('./setup.ts');
      return runSetup(session, settled, print, untilInterrupted());
    }
    case 'env': {
      const { runEnv } = await import('./env.ts');
      return runEnv(session, settled, { ...openTerminal(print), warn }, untilInterrupted());
    }
    case 'status': {
      const { runStatus } = await import('./status.ts');
      return runStatus(session, settled, print, untilInterrupted());
    }
    case 'buckets': {
      const { runBuckets } = await import('./buckets.ts');
      return runBuckets(session, settled, environment, {
        print,
        askUser: process.stdin.isTTY && process.stdout.isTTY ? askUser : undefined,
        signal: untilInterrupted(),
      });
    }
    case 'stop': {
      const { runStop } = await import('./stop.ts');
      return runStop(session, settled, openTerminal(print), createInterruption(['SIGINT', 'SIGTERM']));
    }
    case 'switch': {
      const { runSwitch } = await import('./switch.ts');
      return runSwitch(session, settled, openTerminal(print), untilInterrupted());
    }
    case 'audit': {
      const { runAudit } = await import('./audit.ts');
      return runAudit(session, settled, print, untilInterrupted());
    }
    case 'verify': {
      const { runVerify } = await import('./verify.ts');
      return runVerify(session, settled, { print, warn }, untilInterrupted());
    }
    case 'doctor': {
      const { runDoctor } = await import('./doctor.ts');
      return runDoctor(session, settled, print, untilInterrupted());
    }
    case 'start': {
      const { runStart } = await import('./start.ts');
      return runStart(session, settled, print, untilInterrupted());
    }
    case 'logs': {
      const { runLogs } = await import('./logs.ts');
      return runLogs(session, settled, { print, warn }, untilInterrupted());
    }
    case 'history': {
      const { runHistory } = await import('./history.ts');
      return runHistory(session, settled, print);
    }
    case 'memory': {
      const { runMemory } = await import('./memory.ts');
      return runMemory(session, settled, print);
    }
    case 'sample': {
      const { runSample } = await import('./sample.ts');
      return runSample(session, settled, print, untilInterrupted());
    }
    case 'attach': {
      const { runAttach } = await import('./attach.ts');
      return runAttach(session, settled, print, untilInterrupted());
    }
  }
}

/** The request of a worker: one JSON document on stdin. */
async function readRequest(): Promise<RunRequest> {
  const { text } = await import('node:stream/consumers');
  const given: unknown = JSON.parse(await text(process.stdin));
  if (typeof given !== 'object' || given === null || !('runId' in given) || !('plan' in given)) {
    throw new UserError('homeiq worker is started by homeiq itself.', { exitCode: exitCodes.usage });
  }
  return given as RunRequest;
}
