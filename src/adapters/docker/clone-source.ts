/** Fetches a source tree with git. */

import { mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExternalError, UserError } from '../../core/error.ts';
import { describeCommand, type RunProcess, runProcess } from '../process/run-process.ts';

export type CloneRequest = {
  readonly url: string;
  /** A commit, a branch or a tag. */
  readonly revision: string;
  /** Must not exist, or be empty. */
  readonly folder: string;
  /** What git says, for the operator to read. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
};

const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'SSH_AUTH_SOCK',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
] as const;

/**
 * Leaves `folder` as a checkout of exactly `revision`, or as it was: everything happens in a folder beside it that is
 * renamed at the end. Fetches that one commit alone where the server gives it. Throws an ExternalError that tells a
 * missing repository, a missing revision, no network and a full disk apart.
 */
export async function cloneSource(request: CloneRequest, run: RunProcess = runProcess): Promise<void> {
  const { url, revision, folder, onLine, signal } = request;
  for (const value of [url, revision]) {
    if (value.startsWith('-') || value === '')
      throw new UserError(`"${value}" is no address and no revision`);
  }
  if (/^[a-z+]+:\/\/[^/@]*:[^/@]*@/i.test(url)) {
    throw new UserError('The address of the source holds a password', {
      hint: 'It would be seen by everybody who lists the processes of this machine.',
      nextSteps: ['Leave it out, and let git get it from its credential helper or an SSH key.'],
    });
  }
  const partial = `${folder}.partial`;
  const env = {
    ...Object.fromEntries(passedOn.map(name => [name, process.env[name]])),
    LC_ALL: 'C',
    // Nobody is there to answer a question.
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
  };
  const git = async (args: readonly string[]): Promise<{ isDone: boolean; error: ExternalError }> => {
    const said = await run('git', ['-C', partial, ...args], {
      env,
      signal,
      // git writes its percentages over one another with carriage returns.
      onLine: text => onLine(text.split('\r').at(-1) ?? ''),
    });
    const command = describeCommand('git', args);
    return {
      isDone: said.exitCode === 0,
      error: describeGitFailure(request, command, said.exitCode, said.stderr),
    };
  };
  const must = async (args: readonly string[]): Promise<void> => {
    const { isDone, error } = await git(args);
    if (!isDone) throw error;
  };

  await rm(partial, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(partial);
  try {
    await must(['init', '--quiet']);
    await must(['remote', 'add', 'origin', url]);
    const alone = await git(['fetch', '--progress', '--depth', '1', 'origin', revision]);
    if (alone.isDone) await must(['checkout', '--quiet', '--detach', 'FETCH_HEAD']);
    else {
      // A shortened commit cannot be asked for: fetch all, then look it up.
      const isShortened = /^[0-9a-f]{4,39}$/.test(revision);
      if (!isShortened || alone.error.code !== 'revision-not-found') throw alone.error;
      await must(['fetch', '--progress', '--tags', 'origin']);
      await must(['checkout', '--quiet', '--detach', revision]);
    }
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return;
      throw new UserError(`The folder ${folder} is not empty`, {
        nextSteps: ['Choose another folder for the source, or move this one away.'],
      });
    });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

function describeGitFailure(
  { url, revision }: CloneRequest,
  command: string,
  exitCode: number | undefined,
  stderr: string,
): ExternalError {
  const tail = stderr.trimEnd().split('\n').slice(-10).join('\n');
  const common = { command, tail, ...(exitCode === undefined ? {} : { status: exitCode }) };
  if (
    /couldn't find remote ref|not our ref|did not match any file|unadvertised object|does not take a path argument|is not a tree/i.test(
      stderr,
    )
  ) {
    return new ExternalError(`${url} has no revision ${revision}`, { ...common, code: 'revision-not-found' });
  }
  if (/no space left on device/i.test(stderr)) {
    return new ExternalError('The disk is full', {
      ...common,
      code: 'disk-full',
      nextSteps: ['Free space on the disk, then try again.'],
    });
  }
  if (
    /could not resolve host|connection (?:refused|timed out)|network is unreachable|failed to connect/i.test(
      stderr,
    )
  ) {
    return new ExternalError(`${url} cannot be reached`, {
      ...common,
      code: 'unreachable',
      nextSteps: ['Check the network and the name servers of this machine, then try again.'],
    });
  }
  if (
    /not found|does not exist|could not read (?:username|from remote)|does not appear to be a git/i.test(
      stderr,
    )
  ) {
    return new ExternalError(`There is no repository at ${url}, or it asks for a login`, {
      ...common,
      code: 'repository-not-found',
      nextSteps: ['Check the address, or clone it yourself and give its folder as the source.'],
    });
  }
  return new ExternalError(`The source could not be fetched from ${url}`, { ...common, code: 'other' });
}
