/** A shell in a container, or its log in the operator's pager: the terminal is lent out and comes back. */

import { runInForeground } from '../adapters/process/run-in-foreground.ts';
import { ExternalError, UserError } from '../core/error.ts';
import { createEntryMaker } from '../core/logs/log-entry.ts';
import type { Level } from '../core/plan/plan.ts';
import type { TerminalRequest } from '../core/status/service-actions.ts';
import { sanitiseLine } from '../core/text/sanitise.ts';
import type { Engine } from '../ports/engine.ts';
import { plainLogLine } from '../ui/plain/log-line.ts';
import type { Shell } from '../ui/tui/screen.ts';
import type { Environment } from './session.ts';

/** 126: it cannot be run; 127: there is none. */
const noShellCodes: readonly (number | undefined)[] = [126, 127];

/** The whole log as it is now, each line harmless. */
async function* logText(
  engine: Pick<Engine, 'logs'>,
  { containerId, service }: TerminalRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const makeEntry = createEntryMaker(service);
  let count = 0;
  for await (const line of engine.logs(containerId, {
    tail: Number.POSITIVE_INFINITY,
    follow: false,
    signal,
  })) {
    count += 1;
    yield `${plainLogLine(makeEntry(count, line), false)}\n`;
  }
  if (count === 0) yield `${sanitiseLine(service)} has written nothing.\n`;
}

async function openShell({ containerId, containerName, service }: TerminalRequest, env: Environment) {
  const name = sanitiseLine(containerName);
  process.stdout.write(`A shell in ${name}; exit leaves it. By hand: docker exec -it ${name} sh\n`);
  const code = await runInForeground('docker', ['exec', '--interactive', '--tty', containerId, 'sh'], {
    env,
  });
  if (noShellCodes.includes(code)) throw new UserError(`There is no shell in the container of ${service}.`);
}

/** `$PAGER`, which may have arguments, else less, else more. No shell reads it: the words are the program and its arguments. */
async function openPager(request: TerminalRequest, engine: Engine, env: Environment): Promise<void> {
  const input = (signal: AbortSignal) => logText(engine, request, signal);
  const wanted = env.PAGER?.trim() ?? '';
  const pagers = wanted === '' ? [['less'], ['more']] : [wanted.split(/\s+/)];
  for (const [pager = '', ...args] of pagers) {
    try {
      await runInForeground(pager, args, { env, input });
      return;
    } catch (thrown) {
      if (!(thrown instanceof ExternalError) || thrown.status !== 'ENOENT') throw thrown;
    }
  }
  if (wanted !== '') throw new UserError(`The pager that PAGER names is not there: ${wanted}`);
  throw new UserError('There is no pager: neither less nor more is installed, and PAGER names none.');
}

/** For the status screen: opens what is asked for in the terminal that `shell` lends out. */
export function createTerminalOpener(
  shell: Pick<Shell, 'suspend'>,
  {
    engine,
    level,
    environment,
  }: { readonly engine: Engine; readonly level: Level; readonly environment: Environment },
): (request: TerminalRequest) => Promise<void> {
  return async request => {
    if (request.kind === 'shell' && level === 'rehearsal') {
      throw new UserError('The rehearsal has no containers to open a shell in.');
    }
    await shell.suspend(() =>
      request.kind === 'shell' ? openShell(request, environment) : openPager(request, engine, environment),
    );
  };
}
