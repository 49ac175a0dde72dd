/** A machine made up for one test: an engine that answers as much as a set-up asks before it begins, and a Compose. */

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/bundle.mjs';
import { sendJson, startFakeEngine } from './fake-engine.ts';

const snapshot = join(root, 'src/adapters/rehearsal/stack-snapshot.json');

export type MachineOptions = {
  /** What `docker compose version` says; `none`: there is no such plugin. */
  readonly compose?: string | 'none';
  /** The engine's answer to every question; the good answers unless given. */
  readonly engineStatus?: number;
  /** Containers as `GET /containers/json` lists them. */
  readonly containers?: readonly unknown[];
};

export type Machine = {
  /** For the program: `DOCKER_HOST` and a `PATH` that begins with the Compose of this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly socket: string;
  readonly close: () => Promise<void>;
};

/** The plugin prints the stack that the program brings, whatever it is asked to resolve. */
const dockerScript = (compose: string): string => `#!/bin/sh
${compose === 'none' ? `echo "docker: 'compose' is not a docker command." >&2; exit 1` : ''}
case "$*" in
*version*) echo ${compose} ;;
*"--format json"*) exec cat '${snapshot}' ;;
*) exit 1 ;;
esac
`;

export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  const bin = await mkdtemp(join(tmpdir(), 'homeiq-machine-'));
  await mkdir(bin, { recursive: true });
  for (const name of ['docker', 'docker-compose']) {
    const compose = name === 'docker' ? (options.compose ?? '5.6.0') : 'none';
    await writeFile(join(bin, name), dockerScript(compose));
    await chmod(join(bin, name), 0o755);
  }
  const engine = await startFakeEngine({
    answer: (_request, response, path) => {
      if (options.engineStatus !== undefined) {
        return sendJson(response, { message: 'the engine is tired' }, options.engineStatus);
      }
      if (path === '/info') {
        return sendJson(response, { ServerVersion: '24.0.7', MemTotal: 8 * 1024 ** 3, CgroupVersion: '2' });
      }
      if (path.startsWith('/containers/json')) return sendJson(response, options.containers ?? []);
      if (path.startsWith('/images/json')) return sendJson(response, []);
      return sendJson(response, { message: 'no such thing' }, 404);
    },
  });
  return {
    environment: { DOCKER_HOST: engine.address, PATH: `${bin}:${process.env.PATH ?? ''}` },
    socket: engine.address.replace('unix://', ''),
    close: async () => {
      await engine.close();
      await rm(bin, { recursive: true, force: true });
    },
  };
}
