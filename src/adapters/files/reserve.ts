/** Room that a run may use on a disk that ran full: for its last words, and for those of the way back of a switch. */

import { stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/error.ts';
import { writeFileAtomically } from './write-file.ts';

/** A journal of a switch that goes back is about 80 KiB long. */
const reserveBytes = 256 * 1024;

const reservePath = (runsFolder: string): string => join(runsFolder, 'reserve');

/**
 * Makes the reserve unless it is there; it stays from run to run. Throws a UserError when there is no room for it, or
 * none besides: a run could then not even say what it is that fails.
 */
export async function keepReserve(runsFolder: string): Promise<void> {
  const path = reservePath(runsFolder);
  const size = await stat(path).then(
    facts => facts.size,
    () => 0,
  );
  if (size !== reserveBytes) await writeFileAtomically(path, new Uint8Array(reserveBytes));
  const { bavail, bsize } = await statfs(runsFolder);
  if (bavail * bsize >= reserveBytes) return;
  throw new UserError(`The disk is full: ${runsFolder} has ${Math.floor((bavail * bsize) / 1024)} KiB left`, {
    hint: 'Nothing was done. Free some space (see: df -h) and run the command again.',
  });
}

/** Gives its room to whoever writes next; false when there was none to give. */
export const releaseReserve = (runsFolder: string): Promise<boolean> =>
  unlink(reservePath(runsFolder)).then(
    () => true,
    () => false,
  );
