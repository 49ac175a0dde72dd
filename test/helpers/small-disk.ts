/** A small disk of its own (a tmpfs) on a folder, to be filled. */

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The reason to skip a test that mounts one; false where it must run. */
export const skipWithoutSmallDisk = (): string | false =>
  process.getuid?.() === 0 || process.env.CI === 'true' ? false : 'only root may mount a small disk';

function run(file: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(file, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
}

export type SmallDisk = {
  /** Takes every byte that is left. */
  readonly fill: () => void;
  readonly free: () => void;
  readonly dispose: () => void;
};

export function mountSmallDisk(folder: string, sizeKiB: number): SmallDisk {
  run('mount', ['-t', 'tmpfs', '-o', `size=${sizeKiB}k`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    fill: () => {
      const page = new Uint8Array(4096);
      try {
        for (;;) writeFileSync(filler, page, { flag: 'a' });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    },
    free: () => rmSync(filler, { force: true }),
    dispose: () => run('umount', ['--lazy', folder]),
  };
}
