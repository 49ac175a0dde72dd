/** What the operating system says about files, in words an operator can use. */

import { UserError } from '../../core/error.ts';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(codeOf(error) ?? '');

/** A UserError that says what was seen at `path` and what to do; anything that is no file error comes back as it is. */
export function explainFileError(error: unknown, path: string): unknown {
  const because = (message: string, hint: string): UserError => new UserError(message, { hint });
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return because(
        `No permission: ${path}`,
        'Run homeiq with the account that owns the folder, or choose another folder with --dir.',
      );
    case 'EROFS':
      return because(
        `The file system is read-only: ${path}`,
        'Choose a folder on another disk with --dir, or mount this one for writing.',
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return because(
        `The disk is full: ${path} could not be written`,
        'What was there before is unchanged. Free some space (see: df -h) and run the command again.',
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return because(
        `Something is in the way: ${path}`,
        'A file stands where a folder is needed. Move it away, or choose another folder with --dir.',
      );
    case 'EISDIR':
      return because(
        `${path} is a folder, where a file is needed`,
        'Move it away, or choose another folder with --dir.',
      );
    case 'ELOOP':
      return refuseLink(path);
    case 'ENAMETOOLONG':
      return because(`The path is too long: ${path}`, 'Choose another folder with --dir.');
    case 'EIO':
      return because(`The disk reports a fault: ${path}`, 'Look at the end of: dmesg');
    default:
      return error;
  }
}

export const refuseLink = (path: string): UserError =>
  new UserError(`${path} is a symbolic link, and homeiq neither follows nor replaces it`, {
    hint: 'Put the file itself there, or choose another folder with --dir.',
  });

/** Runs `act`; file errors come out as explained by `explainFileError`. */
export async function explainingFileErrors<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw explainFileError(error, path);
  }
}
