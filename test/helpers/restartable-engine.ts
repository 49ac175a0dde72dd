/** A Docker Engine that a test may kill and start again: in a network of its own, where it can be in nobody's way. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { isRunning } from './processes.ts';
import { until } from './until.ts';

export type RestartableEngine = {
  /** `unix://…` for DOCKER_HOST; the same after every start. */
  readonly address: string;
  /** Goes before a command that must reach published ports: they are in the engine's network. */
  readonly inNetwork: readonly [file: string, ...args: string[]];
  /** Resolves when it answers. */
  readonly start: () => Promise<void>;
  /** As a restart of its service does: its containers end with it and, by their policy, come back with it. */
  readonly stop: () => Promise<void>;
  /** Its containers run on without it; the next one ends them, and takes that for the operator's own stop. */
  readonly kill: () => Promise<void>;
  /** Takes over images that the machine's own engine has. */
  readonly load: (images: readonly string[]) => Promise<void>;
  /** Ends it and every container that it has. */
  readonly dispose: () => Promise<void>;
};

/** Its containerd dies with it. As long as nobody has collected that process, a new engine would wait for its answer. */
async function forgetContainerd(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  await until(() => !isRunning(pid), { timeoutMs: 30_000, describe: () => `the end of containerd ${pid}` });
  await rm(pidFile);
}

/** Keeps what it has over its restarts, and (as an engine does unless told otherwise) not its running containers. */
export async function createRestartableEngine(): Promise<RestartableEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-dockerd-'));
  const logFile = join(folder, 'log');
  const address = `unix://${join(folder, 'docker.sock')}`;
  // Its bridges, rules for packets and mounts are not those of the machine, and go with the last process in there.
  const keeper = spawn(
    'unshare',
    ['--net', '--mount', 'sh', '-c', 'ip link set lo up && echo up && exec sleep infinity'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await once(keeper.stdout, 'data');
  const inNetwork = ['nsenter', `--net=/proc/${keeper.pid}/ns/net`] as const;
  let daemon: ChildProcess | undefined;

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (daemon === undefined) return;
    const { pid } = daemon;
    daemon.kill(signal);
    // Not before it is collected: while the number in its file is in /proc, the next one refuses to start.
    const isCollected = () => daemon?.exitCode !== null || daemon.signalCode !== null;
    await until(isCollected, { timeoutMs: 60_000, describe: () => `the end of dockerd ${pid}` });
    daemon = undefined;
    // Somebody else may get that number.
    await rm(join(folder, 'pid'), { force: true });
  };
  const start = async (): Promise<void> => {
    await forgetContainerd(join(folder, 'exec', 'containerd', 'containerd.pid'));
    const output = openSync(logFile, 'a');
    daemon = spawn(
      'nsenter',
      [
        ...[
          '--target',
          String(keeper.pid),
          '--net',
          '--mount',
          'dockerd',
          '--data-root',
          join(folder, 'data'),
          '--exec-root',
          join(folder, 'exec'),
        ],
        ...['--pidfile', join(folder, 'pid'), '--host', address, '--log-level', 'warn'],
      ],
      { detached: true, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    await until(() => spawnSync('docker', ['--host', address, 'version'], { stdio: 'ignore' }).status === 0, {
      timeoutMs: 60_000,
      describe: () => `dockerd; it said: ${readFileSync(logFile, 'utf8').slice(-1000)}`,
    });
  };
  const own = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runProcess('docker', ['--host', address, ...args]);
    if (exitCode !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };

  await mkdir(join(folder, 'data'));
  return {
    address,
    inNetwork,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    load: async images => {
      const file = join(folder, 'images.tar');
      const { exitCode, stderr } = await runProcess('docker', ['save', '-o', file, ...images]);
      if (exitCode !== 0) throw new Error(stderr);
      await own('load', '-i', file);
      await rm(file);
    },
    dispose: async () => {
      // A killed one left its containers running: only an engine can end them.
      if (daemon === undefined) await start();
      const ids = (await own('ps', '-aq')).split('\n').filter(id => id !== '');
      if (ids.length > 0) await own('rm', '-f', '-v', ...ids);
      await end('SIGTERM');
      keeper.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
