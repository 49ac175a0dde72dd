/** For tests on a real Docker Engine: a project of their own, a tiny image, and nothing left behind. */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectLabel, serviceLabel } from '../../src/adapters/docker/engine-records.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';

const busybox = '/bin/busybox';
/** Shared by all tests and kept: making it again costs a second each time. */
export const tinyImage = 'homeiq-test-busybox:1';

/** The reason to skip a test that needs an engine; false where it must run (with CI=true always). */
export function skipWithoutEngine(): string | false {
  if (process.env.CI === 'true') return false;
  if (!existsSync(busybox)) return 'no static busybox to make an image of';
  const found = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  return found.status === 0 ? false : 'no Docker Engine answers';
}

/** The Compose versions to test with; a folder that is not given is a reason to skip, but not with CI=true. */
export function composeFolders(): readonly {
  readonly name: string;
  readonly folder: string;
  readonly skip: string | false;
}[] {
  const noEngine = skipWithoutEngine();
  return (['HOMEIQ_TEST_COMPOSE_OLD', 'HOMEIQ_TEST_COMPOSE_NEW'] as const).map(name => {
    const folder = process.env[name] ?? '';
    const isMissing = folder === '' && process.env.CI !== 'true';
    return { name, folder, skip: isMissing ? `${name} is not set` : noEngine };
  });
}

/** Runs `docker` and returns what it printed; throws with what it said when it fails. */
export async function docker(args: readonly string[], input?: string | Uint8Array): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess('docker', args, input === undefined ? {} : { input });
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: exit ${exitCode}\n${stderr}`);
  return stdout.trim();
}

/** Makes `tinyImage` from the machine's static busybox unless it is there. */
export async function provideTinyImage(): Promise<void> {
  if ((await docker(['image', 'ls', '-q', tinyImage])) !== '') return;
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-image-'));
  try {
    const tar = join(folder, 'image.tar');
    const packed = spawnSync('tar', ['-cf', tar, '-C', '/', busybox.slice(1)], { encoding: 'utf8' });
    if (packed.status !== 0) throw new Error(packed.stderr);
    await docker(['import', tar, tinyImage]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export type ScratchProject = {
  readonly project: string;
  /** `docker run -d` of a busybox command under this project's labels; returns the container's id. */
  readonly run: (service: string, command: readonly string[], options?: readonly string[]) => Promise<string>;
  /** Removes every container, volume, network and image with the project's label. */
  readonly remove: () => Promise<void>;
};

/** A Compose project name that nobody else has, with ways to fill and to remove it. */
export async function createScratchProject(purpose: string): Promise<ScratchProject> {
  await provideTinyImage();
  const project = `homeiq-t-${purpose}-${randomBytes(4).toString('hex')}`;
  const label = `label=${projectLabel}=${project}`;
  return {
    project,
    run: (service, command, options = []) =>
      docker([
        'run',
        '-d',
        '--name',
        `${project}-${service}-1`,
        '--label',
        `${projectLabel}=${project}`,
        '--label',
        `${serviceLabel}=${service}`,
        ...options,
        tinyImage,
        ...(command.length === 0 ? [] : [busybox, ...command]),
      ]),
    remove: async () => {
      const kinds = [
        { list: ['ps', '-aq'], remove: ['rm', '-f', '-v'] },
        { list: ['volume', 'ls', '-q'], remove: ['volume', 'rm', '-f'] },
        { list: ['network', 'ls', '-q'], remove: ['network', 'rm'] },
        { list: ['image', 'ls', '-q'], remove: ['image', 'rm', '-f'] },
      ];
      for (const kind of kinds) {
        const ids = (await docker([...kind.list, '--filter', label])).split('\n').filter(id => id !== '');
        if (ids.length > 0) await docker([...kind.remove, ...new Set(ids)]);
      }
    },
  };
}
