import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { exitCodes, UserError } from '../../core/error.ts';
import type { Level } from '../../core/plan/plan.ts';
import { stateFolderName } from './deployment-paths.ts';

export type FolderQuestion = {
  /** The `--dir` option. */
  readonly dir: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** This program's own source tree or installation: never a deployment. */
  readonly programFolder: string;
  readonly level: Level;
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
 * else `~/homeiq` (`~/homeiq-sandbox` for the sandbox). An absolute path that need not exist; creates nothing.
 * Throws a UserError when a folder was asked for that lies in the program's own source tree.
 */
export async function findDeploymentFolder(question: FolderQuestion): Promise<string> {
  const { cwd, home } = question;
  const program = await resolveLinks(resolve(question.programFolder));
  const isProgram = async (path: string): Promise<boolean> => isInside(await resolveLinks(path), program);
  // An empty HOMEIQ_DIR is one that is not set.
  const asked = question.dir ?? (question.environment.HOMEIQ_DIR || undefined);
  if (asked !== undefined) {
    const folder = resolve(cwd, asked);
    if (await isProgram(folder)) {
      throw new UserError(`${folder} belongs to homeiq itself and cannot hold a deployment`, {
        hint: 'Choose a folder outside of it, for example: --dir ~/homeiq',
        exitCode: exitCodes.refused,
      });
    }
    return folder;
  }
  const parent = await nearestDeployment(cwd);
  if (parent !== undefined && !(await isProgram(parent))) return parent;
  if ((await isEmptyFolder(cwd)) && !(await isProgram(cwd))) return cwd;
  return join(home, question.level === 'sandbox' ? 'homeiq-sandbox' : 'homeiq');
}
