/**
 * A deployment folder whose InfluxDB is a server of the test: real files, a real worker in this process, real calls;
 * the engine and Compose only say that the service runs.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDeploymentFiles } from '../../src/adapters/files/deployment-files.ts';
import { createLock } from '../../src/adapters/files/lock.ts';
import { createMemoryRecords } from '../../src/adapters/files/memory-records.ts';
import { createProgram } from '../../src/adapters/files/program.ts';
import { createRuns } from '../../src/adapters/files/runs.ts';
import { createRandom } from '../../src/adapters/host/clock.ts';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { type Arguments, readArguments } from '../../src/cli/arguments.ts';
import { runBuckets } from '../../src/cli/buckets.ts';
import { createInProcessWorkerHost } from '../../src/cli/rehearsal-ports.ts';
import { parseEnv } from '../../src/core/env/parse.ts';
import { serialiseEnv } from '../../src/core/env/serialise.ts';
import { documentValues, setValues } from '../../src/core/env/values.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import type { Compose } from '../../src/ports/compose.ts';
import type { Container, Engine } from '../../src/ports/engine.ts';
import type { Host } from '../../src/ports/host.ts';
import type { Influx } from '../../src/ports/influxdb.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { hurriedClock } from './clock.ts';

const root = join(import.meta.dirname, '..', '..');

export const influxdbContainer: Container = {
  id: 'influxdb',
  name: 'homeiq-influxdb-1',
  project: 'homeiq',
  service: 'influxdb',
  image: 'influxdb:2.9',
  imageId: 'sha256:0',
  state: 'running',
  health: 'healthy',
  exitCode: undefined,
  startedAt: '2026-01-01T00:00:00Z',
  restartCount: 0,
  wasKilledForMemory: false,
  environment: {},
  labels: {},
  publishedPorts: [],
};

/** What is not in `known` must not be asked for. */
const only = <Whole extends object>(known: Partial<Whole>): Whole =>
  new Proxy(known, {
    get: (target, name) => {
      if (name in target) return target[name as keyof Whole];
      return () => {
        throw new Error(`nothing should need ${String(name)}`);
      };
    },
  }) as Whole;

/** The ports of a deployment in `folder` whose InfluxDB answers at `url`. */
export function createBucketPorts(
  folder: string,
  url: string,
  options: { readonly requestTimeoutMs?: number; readonly containers?: () => readonly Container[] } = {},
): Ports {
  const program = createProgram(root, '0.0.0');
  const ports: Ports = {
    engine: only<Engine>({ containers: async () => options.containers?.() ?? [influxdbContainer] }),
    compose: only<Compose>({ resolve: program.stackSnapshot, answers: async () => [], up: async () => {} }),
    images: only({}),
    influx: () => createInflux({ url, requestTimeoutMs: options.requestTimeoutMs ?? 10_000 }),
    homeAssistant: () => only({}),
    files: createDeploymentFiles(folder),
    memory: createMemoryRecords(folder),
    runs: createRuns(folder),
    lock: createLock(folder),
    workerHost: createInProcessWorkerHost(() => ports),
    host: only<Host>({}),
    clock: hurriedClock,
    random: createRandom(),
    program,
    sources: only({}),
    health: only({}),
  };
  return ports;
}

/** Writes the record, the documents and the secrets of a deployment that was set up in `mode`. */
export async function writeDeployment(
  { files, program }: Ports,
  mode: Mode,
  secrets: { readonly operatorToken: string; readonly password: string },
): Promise<void> {
  const text = await program.template(mode);
  await files.writeRecord({
    formatVersion: 1,
    level: 'bundled',
    mode,
    project: 'homeiq',
    sourceRevision: undefined,
    templateVersion: '0.0.0',
  });
  await files.writeEnv(text);
  await files.writeModeEnv(mode, text);
  await files.writeSecret('influxdb-operator-token', secrets.operatorToken);
  await files.writeSecret('influxdb-admin-password', secrets.password);
}

export type BucketsAnswer = {
  readonly exitCode: number;
  readonly text: string;
  /** With `--json`. */
  readonly document: {
    readonly ok: boolean;
    readonly influxdb: { readonly version: string | null };
    readonly faults: readonly { readonly code: string; readonly mode?: Mode; readonly message: string }[];
    readonly run?: {
      readonly outcome: string;
      readonly changed: boolean;
      readonly error?: { message: string };
    };
    readonly modes: readonly { readonly mode: Mode; readonly token: { readonly right: boolean } }[];
  };
};

/** `homeiq buckets …` in this process. */
export async function askBuckets(
  ports: Ports,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<BucketsAnswer> {
  const printed: string[] = [];
  const parsed: Arguments = readArguments(['buckets', ...args]);
  const exitCode = await runBuckets({ ports }, parsed, environment, {
    print: text => printed.push(text),
    askUser: undefined,
    signal: new AbortController().signal,
  });
  const text = printed.join('\n');
  const none = { ok: false, influxdb: { version: null }, faults: [], modes: [] };
  return { exitCode, text, document: args.includes('--json') ? JSON.parse(text) : none };
}

export const readToken = async ({ files }: Ports, mode: Mode): Promise<string | undefined> =>
  documentValues(parseEnv((await files.readModeEnv(mode)) ?? '')).INFLUXDB_TOKEN || undefined;

/** Changes `.env` (when it is of the mode) and the mode's own document, as a person would. */
export async function editDocuments(
  { files }: Ports,
  mode: Mode,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const edit = (text: string): string => serialiseEnv(setValues(parseEnv(text), values));
  const env = await files.readEnv();
  const own = await files.readModeEnv(mode);
  if (own !== undefined) await files.writeModeEnv(mode, edit(own));
  if (env !== undefined && documentValues(parseEnv(env)).DEPLOYMENT_MODE === mode) {
    await files.writeEnv(edit(env));
  }
}

/** Every file below a folder with what it holds, in one text. */
export function fingerprintFolder(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const lines = names.map(name => {
    const path = join(folder, name);
    const content = statSync(path).isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : '';
    return `${name} ${content}`;
  });
  return lines.join('\n');
}

/** All that can be asked of a server with an operator token, in one text. */
export async function fingerprintServer(url: string, token: string): Promise<string> {
  const ask = async (path: string): Promise<string> => {
    const answer = await fetch(`${url}/api/v2/${path}`, { headers: { authorization: `Token ${token}` } });
    return `${path} ${answer.status} ${await answer.text()}`;
  };
  const paths = ['orgs?limit=100', 'buckets?limit=100', 'authorizations', 'users?limit=100', 'setup'];
  return (await Promise.all(paths.map(ask))).join('\n');
}

/** How many authorizations of ours each mode has. */
export async function countTokens(
  influx: Influx,
  operatorToken: string,
): Promise<Readonly<Record<Mode, number>>> {
  const all = await influx.listAuthorizations(operatorToken, undefined);
  const count = (mode: Mode): number =>
    all.filter(({ description }) => description === `homeiq-setup/${mode}/rw`).length;
  return { test: count('test'), production: count('production') };
}
