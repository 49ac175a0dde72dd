/** Finds the deployment folder, puts the ports together, and hands over to the command. */

import { setMaxListeners } from 'node:events';
import { homedir } from 'node:os';
import process from 'node:process';
import type { InfluxdbUser } from '../app/buckets/recover-operator.ts';
import { type ExitCode, exitCodes, UserError } from '../core/error.ts';
import type { RunRequest } from '../core/run/run-request.ts';
import type { Arguments, CommandName } from './arguments.ts';
import { openFolder } from './open-folder.ts';

export type ProgramFacts = { readonly programFolder: string; readonly programVersion: string };

const warn = (text: string): void => void process.stderr.write(`${text}\n`);

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Aborts on the signals that end a program; the exit code is 130 then. */
function createInterruption(signals: readonly NodeJS.Signals[]): AbortSignal {
  const interruption = new AbortController();
  // Every container that is looked at listens for the end.
  setMaxListeners(0, interruption.signal);
  for (const signal of signals) process.once(signal, () => interruption.abort(new Error(signal)));
  return interruption.signal;
}

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
  if (command === 'home') {
    const { runHome } = await import('./home.tsx');
    return runHome(settled, { folder, programFolder, version: programVersion, environment });
  }
  const portsRequest = { folder, programFolder, version: programVersion, environment };
  const [{ createPorts }, { createSession }] = await Promise.all([
    import('./create-ports.ts'),
    import('./session.ts'),
  ]);
  if (command === 'worker') {
    const { runWorker } = await import('./worker.ts');
    const request = await readRequest();
    const ports = await createPorts({ ...portsRequest, level: request.plan.level });
    return runWorker(ports, request, {
      pid: process.pid,
      signal: createInterruption(['SIGTERM', 'SIGINT']),
    });
  }
  const ports = await createPorts({ ...portsRequest, level });
  const takesAnswers = command === 'plan' || command === 'setup' || command === 'env';
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
      return runSetup(session, settled, print, createInterruption(['SIGINT', 'SIGTERM', 'SIGHUP']));
    }
    case 'env': {
      const { runEnv } = await import('./env.ts');
      return runEnv(
        session,
        settled,
        { print, warn, ask: await askInTerminal() },
        createInterruption(['SIGINT', 'SIGTERM', 'SIGHUP']),
      );
    }
    case 'status': {
      const { runStatus } = await import('./status.ts');
      return runStatus(session, settled, print, createInterruption(['SIGINT', 'SIGTERM', 'SIGHUP']));
    }
    case 'buckets': {
      const { runBuckets } = await import('./buckets.ts');
      return runBuckets(session, settled, environment, {
        print,
        askUser: process.stdin.isTTY && process.stdout.isTTY ? askUser : undefined,
        signal: createInterruption(['SIGINT', 'SIGTERM', 'SIGHUP']),
      });
    }
    case 'stop': {
      const { runStop } = await import('./stop.ts');
      return runStop(
        session,
        settled,
        { print, ask: await askInTerminal() },
        createInterruption(['SIGINT', 'SIGTERM']),
      );
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

/** A name and a password, which is not shown while it is typed. */
async function askUser(suggestion: string): Promise<InfluxdbUser> {
  const { createInterface } = await import('node:readline/promises');
  const { Writable } = await import('node:stream');
  let isHidden = false;
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (!isHidden) process.stdout.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const name = (await lines.question(`User of InfluxDB [${suggestion}]: `)).trim();
    process.stdout.write('Password: ');
    isHidden = true;
    const password = await lines.question('');
    process.stdout.write('\n');
    return { username: name === '' ? suggestion : name, password };
  } finally {
    lines.close();
  }
}

async function askInTerminal(): Promise<((question: string) => Promise<boolean>) | undefined> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return undefined;
  const { createInterface } = await import('node:readline/promises');
  return async question => {
    const lines = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
    } finally {
      lines.close();
    }
  };
}
