/** Reading the small text files of a deployment. */

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { UserError } from '../../core/error.ts';
import { explainFileError, hasCode } from './file-errors.ts';

const largestTextBytes = 4 * 1024 * 1024;
/** HomeIQ's own is 20 KiB long; what is done with its keys takes longer than reading them. */
export const largestEnvBytes = 256 * 1024;

/**
 * The bytes of a regular file, or undefined when there is none.
 * Throws a UserError for a link, a folder, a file over 4 MiB or what is given, or one that may not be read.
 */
export async function readSmallFile(
  path: string,
  largestBytes = largestTextBytes,
): Promise<Buffer | undefined> {
  try {
    // Without O_NONBLOCK a named pipe in the way would hold us for ever.
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const facts = await handle.stat();
      if (!facts.isFile()) throw new UserError(`${path} is not a regular file`, { hint: 'Move it away.' });
      if (facts.size > largestBytes) {
        throw new UserError(
          `${path} is ${Math.round(facts.size / 1024)} KiB large, too large to be read (${largestBytes / 1024} KiB at most)`,
          {
            hint: 'Move it away if it is not yours.',
          },
        );
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw explainFileError(error, path);
  }
}

/** The text of a file, with its byte order mark if it has one. Throws a UserError when it is not UTF-8. */
export async function readText(path: string, largestBytes?: number): Promise<string | undefined> {
  const bytes = await readSmallFile(path, largestBytes);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UserError(`${path} is not UTF-8 text`, {
      hint: 'Convert it, for example with: iconv -f latin1 -t utf-8',
    });
  }
}
