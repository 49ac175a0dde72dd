/** A real influxd for tests: on loopback, on a free port, with its data in a temporary folder. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './processes.ts';
import { until } from './until.ts';

export type Influxd = {
  readonly url: string;
  readonly port: number;
  readonly boltPath: string;
  /** Stops the server and keeps its data. */
  readonly stop: () => Promise<void>;
  /** Starts it again on the same data and port; `useHashedTokens` from now on, when given. */
  readonly start: (useHashedTokens?: boolean) => Promise<void>;
  /** Stops the server and removes its data. */
  readonly dispose: () => Promise<void>;
};

/** The path of the real server, or why it cannot be had. Throws instead when nothing may be skipped. */
export function influxdBinary(): { readonly path: string } | { readonly skip: string } {
  const path = process.env.HOMEIQ_TEST_INFLUXD;
  if (path !== undefined && path !== '') return { path };
  const skip = 'HOMEIQ_TEST_INFLUXD is not set: no real influxd here';
  if (process.env.CI === 'true') throw new Error(skip);
  return { skip };
}

export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Starts influxd and waits until it says that it is ready. */
export async function startInfluxd(
  binary: string,
  options: { readonly useHashedTokens?: boolean } = {},
): Promise<Influxd> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-influxd-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const boltPath = join(folder, 'influxd.bolt');
  let child: ChildProcess | undefined;
  let isHashing = options.useHashedTokens ?? true;

  const start = async (useHashedTokens = isHashing): Promise<void> => {
    isHashing = useHashedTokens;
    const started = spawn(
      binary,
      [
        `--bolt-path=${boltPath}`,
        `--sqlite-path=${join(folder, 'influxd.sqlite')}`,
        `--engine-path=${join(folder, 'engine')}`,
        `--http-bind-address=127.0.0.1:${port}`,
        `--use-hashed-tokens=${isHashing}`,
        '--reporting-disabled',
        '--log-level=error',
      ],
      // Home is the temporary folder: nothing is written beside the data.
      { env: { PATH: process.env.PATH ?? '', HOME: folder }, stdio: 'ignore' },
    );
    child = started;
    const isHealthy = async (): Promise<boolean> => {
      if (started.exitCode !== null) throw new Error(`influxd ended with ${started.exitCode}`);
      try {
        return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(1000) })).ok;
      } catch {
        return false;
      }
    };
    await until(isHealthy, { timeoutMs: 30_000, describe: () => `influxd on port ${port}` });
  };

  const stop = async (): Promise<void> => {
    const { pid } = child ?? {};
    if (child === undefined || pid === undefined || child.exitCode !== null) return;
    // SIGTERM does not stop it cleanly, SIGINT does.
    child.kill('SIGINT');
    await until(() => !isRunning(pid), { timeoutMs: 30_000, describe: () => `the end of influxd ${pid}` });
    child = undefined;
  };

  const dispose = async (): Promise<void> => {
    try {
      await stop();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  return { url, port, boltPath, stop, start, dispose };
}
