/** Names the state of a source tree, so that an image built from it can carry that name as its tag. */

import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/error.ts';
import { type RunProcess, runProcess } from '../process/run-process.ts';

const shortLength = 12;
const gitTimeoutMs = 60_000;
/** Made by tools from the rest, or git's own. */
const leftOut = new Set(['.git', 'node_modules', '__pycache__', '.DS_Store']);

/**
 * Where `folder` is the top of a git checkout: the first 12 digits of its commit, with `-dirty-` and a hash of what
 * differs when something does. Anywhere else, or without git: `tree-` and a hash of every file's path, content and
 * permission to execute. Fit for an image tag. Throws a UserError when the folder cannot be read.
 */
export async function sourceRevision(folder: string, run: RunProcess = runProcess): Promise<string> {
  const path = await realpath(folder).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`The source folder ${folder} cannot be read (${error.code})`, {
      nextSteps: ['Give the folder of a HomeIQ checkout.'],
    });
  });
  return (await gitRevision(path, run)) ?? `tree-${await hashFiles(path, await listFiles(path, ''))}`;
}

async function gitRevision(folder: string, run: RunProcess): Promise<string | undefined> {
  const git = async (args: readonly string[]): Promise<string | undefined> => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' };
    const options = { env, timeoutMs: gitTimeoutMs, maxOutputBytes: 64 * 1024 * 1024 };
    // No git, another account's checkout, no commit yet: the files themselves tell as well.
    const said = await run('git', ['-C', folder, ...args], options).catch(() => undefined);
    return said?.exitCode === 0 && !said.isTruncated ? said.stdout : undefined;
  };
  const top = (await git(['rev-parse', '--show-toplevel']))?.trimEnd();
  if (top === undefined || (await realpath(top).catch(() => undefined)) !== folder) return undefined;
  const commit = (await git(['rev-parse', '--verify', 'HEAD']))?.trim();
  const changes = await git(['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames']);
  if (commit === undefined || changes === undefined) return undefined;
  const short = commit.slice(0, shortLength);
  // Each record is two letters, a space and the path.
  const changed = changes
    .split('\0')
    .filter(record => record !== '')
    .map(record => record.slice(3));
  return changed.length === 0 ? short : `${short}-dirty-${await hashFiles(folder, changed)}`;
}

/** Paths of all files and links below `folder`, relative to it. */
async function listFiles(folder: string, below: string): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(entry => !leftOut.has(entry.name))
      .map(entry => {
        const path = below === '' ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) return listFiles(folder, path);
        return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
      }),
  );
  return found.flat();
}

/** 12 digits of SHA-256 over path, kind and content of each file, in an order that does not depend on the machine. */
async function hashFiles(folder: string, paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of [...paths].sort()) {
    hash.update(`${path}\0`);
    hash.update(await describeFile(join(folder, path)));
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, shortLength);
}

async function describeFile(path: string): Promise<string> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 'gone';
  if (found.isSymbolicLink()) return `link ${await readlink(path)}`;
  if (!found.isFile()) return 'other';
  const content = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return `${(found.mode & 0o111) === 0 ? 'file' : 'program'} ${content}`;
}
