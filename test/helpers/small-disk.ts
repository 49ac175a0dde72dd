/** A disk of its own (a tmpfs) on a folder, whose free room can be taken away and given back. */

import { spawnSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The reason to skip a test that mounts one; false where it must run. */
export const skipWithoutSmallDisk = (): string | false =>
  process.getuid?.() === 0 || process.env.CI === 'true' ? false : 'only root may mount a small disk';

function run(file: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(file, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
}

export type SmallDisk = {
  /** Leaves not one byte. */
  readonly fill: () => void;
  readonly free: () => void;
  readonly dispose: () => void;
};

/** More than the least that a set-up asks for; it takes only as much memory as is written. */
const sizeMiB = 8192;
/** What is written while the disk shrinks must still fit. */
const slackKiB = 64;

export function mountSmallDisk(folder: string): SmallDisk {
  const resize = (size: string): void => run('mount', ['-o', `remount,size=${size}`, folder]);
  run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    fill: () => {
      const { blocks, bfree, bsize } = statfsSync(folder);
      resize(`${((blocks - bfree) * bsize) / 1024 + slackKiB}k`);
      const page = new Uint8Array(4096);
      try {
        for (;;) writeFileSync(filler, page, { flag: 'a' });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    },
    free: () => {
      rmSync(filler, { force: true });
      resize(`${sizeMiB}m`);
    },
    dispose: () => run('umount', ['--lazy', folder]),
  };
}
