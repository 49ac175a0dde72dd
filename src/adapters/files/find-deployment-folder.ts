import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { exitCodes, UserError } from '../../core/error.ts';
import type { Level } from '../../core/plan/plan.ts';
import { stateFolderName } from './deployment-paths.ts';

export type FolderQuestion = {
  /** The `--dir` option. */
  readonly dir: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** This program's own source tree or installation: never a deployment. */
  readonly programFolder: string;
  readonly level: Level;
};

export type FoundFolder = {
  /** Absolute; need not exist. */
  readonly folder: string;
  readonly reason: 'option' | 'environment' | 'parent' | 'current' | 'default';
};

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() === true;

const isEmptyFolder = async (path: string): Promise<boolean> =>
  (await readdir(path).catch(() => ['unreadable'])).length === 0;

/** The path with links resolved as far as it exists. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await resolveLinks(parent), relative(parent, path));
  }
}

const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

async function nearestDeployment(start: string): Promise<string | undefined> {
  if (await isFolder(join(start, stateFolderName))) return start;
  const parent = dirname(start);
  return parent === start ? undefined : nearestDeployment(parent);
}

/**
 * `--dir`, else `HOMEIQ_DIR`, else the nearest parent with `.homeiq/`, else the current folder if it is empty,
 * else `~/homeiq` (`~/homeiq-sandbox` for the sandbox). Creates nothing.
 * Throws a UserError when a folder was asked for that lies in the program's own source tree.
 */
export async function findDeploymentFolder(question: FolderQuestion): Promise<FoundFolder> {
  const program = await resolveLinks(resolve(question.programFolder));
  const isProgram = async (path: string): Promise<boolean> => isInside(await resolveLinks(path), program);
  const asked =
    question.dir !== undefined
      ? ({ path: question.dir, reason: 'option' } as const)
      : question.env.HOMEIQ_DIR
        ? ({ path: question.env.HOMEIQ_DIR, reason: 'environment' } as const)
        : undefined;
  if (asked !== undefined) {
    const folder = resolve(question.cwd, asked.path);
    if (await isProgram(folder)) {
      throw new UserError(`${folder} belongs to homeiq itself and cannot hold a deployment`, {
        hint: 'Choose a folder outside of it, for example: --dir ~/homeiq',
        exitCode: exitCodes.refused,
      });
    }
    return { folder, reason: asked.reason };
  }
  const parent = await nearestDeployment(question.cwd);
  if (parent !== undefined && !(await isProgram(parent))) return { folder: parent, reason: 'parent' };
  if ((await isEmptyFolder(question.cwd)) && !(await isProgram(question.cwd))) {
    return { folder: question.cwd, reason: 'current' };
  }
  const name = question.level === 'sandbox' ? 'homeiq-sandbox' : 'homeiq';
  return { folder: join(question.home, name), reason: 'default' };
}
