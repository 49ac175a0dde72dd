/** The disk that holds a folder. */

import { readFile, stat, statfs } from 'node:fs/promises';
import type { Disk } from '../../ports/host.ts';

/** Of a folder that exists; undefined when it does not, or may not be seen. Free is what any account may use. */
export async function findDiskOf(folder: string): Promise<Disk | undefined> {
  try {
    await stat(folder);
    const { bavail, blocks, bsize } = await statfs(folder);
    return {
      mountPoint: await mountPointOf(folder),
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
    };
  } catch {
    return undefined;
  }
}

/** The longest mount point above the folder, as /proc/self/mountinfo has it in its fifth field (proc(5)). */
async function mountPointOf(folder: string): Promise<string> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const points = text.split('\n').flatMap(line => {
    const point = line
      .split(' ')[4]
      ?.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    return point === undefined ? [] : [point];
  });
  const above = points.filter(point => point === '/' || folder === point || folder.startsWith(`${point}/`));
  return above.toSorted((a, b) => b.length - a.length)[0] ?? '/';
}
