/** A deployment folder of its own for a test that runs the whole program: own project, own host ports, and nothing left behind. */

import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectLabel, serviceLabel } from '../../src/adapters/docker/engine-records.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { docker, skipWithoutEngine } from './engine.ts';
import { launcher, runProgram } from './program.ts';
import { startInPty } from './pty.ts';

const root = join(import.meta.dirname, '..', '..');
const composeVariables = { old: 'HOMEIQ_TEST_COMPOSE_OLD', new: 'HOMEIQ_TEST_COMPOSE_NEW' } as const;
const imageVariable = 'HOMEIQ_TEST_INFLUXDB_IMAGE';

export type ComposeAge = keyof typeof composeVariables;

/** Why a set-up in the sandbox cannot be tried here; false where it must run (with CI=true always). */
export function skipWithoutSandbox(...ages: readonly ComposeAge[]): string | false {
  if (process.env.CI === 'true') return false;
  const missing = [imageVariable, ...ages.map(age => composeVariables[age])].find(name => !process.env[name]);
  return missing === undefined ? skipWithoutEngine() : `${missing} is not set`;
}

export type SeenContainer = {
  readonly id: string;
  readonly service: string;
  readonly state: string;
  /** `none` without a healthcheck. */
  readonly health: string;
  readonly startedAt: string;
};

export type TestDeployment = Awaited<ReturnType<typeof createDeployment>>;

/** A sandbox that does not exist yet, in an empty folder. */
export async function createDeployment(age: ComposeAge, more: Readonly<Record<string, string>> = {}) {
  const base = await mkdtemp(join(tmpdir(), 'homeiq-e2e-'));
  const project = `homeiq-e2e-${randomBytes(4).toString('hex')}`;
  const environment: Readonly<Record<string, string>> = {
    DOCKER_CONFIG: required(composeVariables[age]),
    HOMEIQ_INFLUXDB_IMAGE: required(imageVariable),
    HOMEIQ_SET_COMPOSE_PROJECT_NAME: project,
    ...(await freePorts()),
    ...more,
  };
  const label = `label=${projectLabel}=${project}`;
  const idsOf = async (...list: readonly string[]): Promise<readonly string[]> =>
    (await docker([...list, '--filter', label])).split('\n').filter(id => id !== '');
  const containers = async (): Promise<readonly SeenContainer[]> => {
    const ids = await idsOf('ps', '-aq', '--no-trunc');
    if (ids.length === 0) return [];
    const seen: readonly InspectedContainer[] = JSON.parse(await docker(['inspect', ...ids]));
    return seen.map(readContainer).toSorted((a, b) => a.service.localeCompare(b.service));
  };

  return {
    folder: base,
    project,
    environment,
    /** Runs a command of the program in the folder, to its end. `isPreset`: with the project name and ports of this test. */
    run: (args: readonly string[], { isPreset = true }: { readonly isPreset?: boolean } = {}) =>
      runProgram(args, {
        folder: base,
        environment: isPreset ? environment : { DOCKER_CONFIG: environment.DOCKER_CONFIG ?? '' },
        timeoutMs: 300_000,
      }),
    openTerminal: (
      args: readonly string[],
      size: { readonly columns?: number; readonly rows?: number } = {},
    ) => startInPty(launcher, args, { folder: base, environment, ...size }),
    /** All of the project, by service name, stopped ones too. */
    containers,
    containerOf: async (service: string): Promise<SeenContainer> => {
      const found = (await containers()).find(container => container.service === service);
      if (found === undefined) throw new Error(`${service} has no container`);
      return found;
    },
    volumes: () => idsOf('volume', 'ls', '-q'),
    /** `docker compose` in the folder, as an operator types it: it finds all in `.env`. */
    compose: async (...args: readonly string[]) => {
      const { PATH = '', HOME = '' } = process.env;
      const env = { PATH, HOME, DOCKER_CONFIG: environment.DOCKER_CONFIG };
      const { exitCode, stdout, stderr } = await runProcess('docker', ['compose', ...args], {
        cwd: base,
        env,
      });
      if (exitCode !== 0) throw new Error(`docker compose ${args.join(' ')}: ${stderr}`);
      return stdout;
    },
    /** A file of the folder as text. */
    read: (name: string) => readFile(join(base, name), 'utf8'),
    /** The host port of a service. */
    portOf: (service: string): number =>
      Number(environment[`HOMEIQ_SET_HOMEIQ_${service.toUpperCase().replaceAll('-', '_')}_HOST_PORT`]),
    /** Removes containers, volumes, networks and the folder. */
    remove: async () => {
      for (const [list, remove] of [
        [
          ['ps', '-aq'],
          ['rm', '-f', '-v'],
        ],
        [
          ['volume', 'ls', '-q'],
          ['volume', 'rm', '-f'],
        ],
        [
          ['network', 'ls', '-q'],
          ['network', 'rm'],
        ],
      ] as const) {
        const ids = await idsOf(...list);
        if (ids.length > 0) await docker([...remove, ...ids]);
      }
      await rm(base, { recursive: true, force: true });
    },
  };
}

function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set`);
  return value;
}

type InspectedContainer = {
  readonly Id: string;
  readonly State: {
    readonly Status: string;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
};

const readContainer = ({ Id, State, Config }: InspectedContainer): SeenContainer => ({
  id: Id,
  service: Config.Labels[serviceLabel] ?? '',
  state: State.Status,
  health: State.Health?.Status ?? 'none',
  startedAt: State.StartedAt,
});

/** A run of neighbouring ports below those that the system gives to outgoing connections, one for each key of the files. */
async function freePorts(): Promise<Readonly<Record<string, string>>> {
  const texts = ['compose.yaml', 'sandbox/compose.sandbox.yaml'].map(name =>
    readFileSync(join(root, name), 'utf8'),
  );
  const keys = [...new Set(texts.join('\n').match(/HOMEIQ_[A-Z_]+_HOST_PORT/g))];
  for (;;) {
    const first = randomInt(20_000, 32_000);
    const ports = keys.map((_, index) => first + index);
    const areFree = await Promise.all(ports.map(isFree));
    if (areFree.every(free => free)) {
      return Object.fromEntries(keys.map((key, index) => [`HOMEIQ_SET_${key}`, String(first + index)]));
    }
  }
}

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
  });
