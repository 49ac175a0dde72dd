/** A second Docker Engine whose data is on a small disk of its own (a tmpfs): it can be filled, and forgets everything. */

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipWithoutEngine } from './engine.ts';
import { isRunning } from './processes.ts';
import { until } from './until.ts';

export type OwnEngine = {
  /** `unix://…` for DOCKER_HOST. */
  readonly address: string;
  /** The folder of its data, in which its disk is mounted. */
  readonly dataFolder: string;
  readonly dispose: () => Promise<void>;
};

/** The reason to skip a test that starts an engine; false where it must run. */
export function skipWithoutOwnEngine(): string | false {
  const skip = skipWithoutEngine();
  if (skip !== false) return skip;
  return process.getuid?.() === 0 || process.env.CI === 'true'
    ? false
    : 'only root may start a second engine';
}

const run = (file: string, args: readonly string[]): void => {
  const { status, stderr } = spawnSync(file, [...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
};

/** It starts no container: it has no network of its own. It tries a download that broke off once more, after five seconds. */
export async function startOwnEngine(diskMiB: number): Promise<OwnEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-dockerd-'));
  const dataFolder = join(folder, 'data');
  const logFile = join(folder, 'log');
  const address = `unix://${join(folder, 'docker.sock')}`;
  await mkdir(dataFolder);
  run('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'tmpfs', dataFolder]);
  const output = openSync(logFile, 'a');
  const child = spawn(
    'setpriv',
    [
      // An engine without a bridge removes that of the machine's own engine, unless it may not touch the network.
      ...['--bounding-set', '-net_admin', '--inh-caps', '-net_admin', 'dockerd'],
      ...['--data-root', dataFolder, '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'pid')],
      ...['--host', address, '--bridge', 'none', '--iptables=false', '--ip-forward=false'],
      ...['--storage-driver', 'vfs', '--max-download-attempts', '1', '--log-level', 'warn'],
    ],
    { detached: true, stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const dispose = async (): Promise<void> => {
    const { pid } = child;
    child.kill('SIGTERM');
    if (pid !== undefined) {
      await until(() => !isRunning(pid), { timeoutMs: 30_000, describe: () => `the end of dockerd ${pid}` });
    }
    // Its containerd dies with it, a moment later, and holds the disk until then.
    let said = '';
    const isUnmounted = (): boolean => {
      const { status, stderr } = spawnSync('umount', [dataFolder], { encoding: 'utf8' });
      said = stderr;
      return status === 0;
    };
    await until(isUnmounted, { timeoutMs: 30_000, describe: () => `the end of its disk: ${said}` });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(() => spawnSync('docker', ['--host', address, 'version'], { stdio: 'ignore' }).status === 0, {
      timeoutMs: 30_000,
      describe: () => `dockerd; it said: ${readFileSync(logFile, 'utf8').slice(-500)}`,
    });
  } catch (error) {
    await dispose();
    throw error;
  }
  return { address, dataFolder, dispose };
}
