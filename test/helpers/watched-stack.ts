/** Many small containers in a deployment folder of their own, with a real InfluxDB, for what watching them costs. */

import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectLabel } from '../../src/adapters/docker/engine-records.ts';
import { formatRecord } from '../../src/adapters/files/deployment-record.ts';
import { createRuns } from '../../src/adapters/files/runs.ts';
import { createClock } from '../../src/adapters/host/clock.ts';
import { createInflux } from '../../src/adapters/influxdb/create-influx.ts';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { ensureBuckets } from '../../src/app/buckets/ensure-buckets.ts';
import { type Mode, modeFacts, modes } from '../../src/core/mode/mode.ts';
import { serviceGroups } from '../../src/core/stack/stack.ts';
import { planFixture } from '../ui/wizard-fixture.ts';
import { docker, provideTinyImage, tinyImage } from './engine.ts';
import { freePort } from './influxd.ts';
import { bucketsOfBothModes, setUpBareInfluxdb } from './influxdb-of-both-modes.ts';
import { until } from './until.ts';

const busybox = '/bin/busybox';
/** Says nothing and does nothing. */
const idle = 'sleep 1000000';
/** A little work every second, so that CPU figures change. */
const worker =
  'sh -c "while :; do /bin/busybox sleep 1; /bin/busybox head -c 200k /dev/urandom >/dev/null; done"';
/** About ten thousand lines a second. */
const flooder = 'sh -c "while :; do /bin/busybox seq 1000001 1001000; /bin/busybox usleep 100000; done"';
/** Every fourth service works. */
const workerEvery = 4;

export type WatchedStack = {
  readonly folder: string;
  readonly project: string;
  /** What the program needs besides PATH and HOME. */
  readonly environment: Readonly<Record<string, string>>;
  /** The service that floods its log; undefined when none was asked for. */
  readonly flooding: string | undefined;
  /** The process of InfluxDB. */
  readonly influxdbPid: number;
  /** Brings `count` services up, InfluxDB among them; those that are too many are removed. */
  readonly scale: (count: number) => Promise<void>;
  /** `docker compose` in the folder. */
  readonly compose: (...args: readonly string[]) => Promise<string>;
  readonly remove: () => Promise<void>;
};

const nameOf = (index: number): string => `watched-${String(index).padStart(3, '0')}`;

function composeFile(project: string, influxdbImage: string, port: number, count: number, hasFlood: boolean) {
  const small = Array.from({ length: count - 1 }, (_, index) => {
    const command = hasFlood && index === 0 ? flooder : index % workerEvery === 1 ? worker : idle;
    return [
      nameOf(index),
      {
        image: tinyImage,
        command: `${busybox} ${command}`,
        network_mode: 'none',
        mem_limit: '64m',
        stop_grace_period: '0s',
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '2' } },
      },
    ] as const;
  });
  const entry = (name: string, group: string, expectedMiB: number) => ({
    name,
    group,
    type: group === 'infrastructure' ? group : 'core',
    bound: false,
    database: false,
    expectedMiB,
    needs: [],
  });
  const groups = serviceGroups.filter(group => group === 'core' || group === 'ai');
  return {
    name: project,
    services: {
      influxdb: {
        image: influxdbImage,
        stop_signal: 'SIGINT',
        mem_limit: '2048m',
        ports: [`127.0.0.1:${port}:8086`],
      },
      ...Object.fromEntries(small),
    },
    'x-homeiq': {
      version: 1,
      services: [
        entry('influxdb', 'infrastructure', 256),
        ...small.map(([name], index) => entry(name, groups[index % groups.length] ?? 'core', 1)),
      ],
    },
  };
}

/** Orgs, buckets and tokens of both modes, as a set-up makes them. */
async function prepareInfluxdb(url: string): Promise<Readonly<Record<Mode, string>>> {
  const influx = createInflux({ url });
  const operatorToken = randomBytes(16).toString('hex');
  await until(
    async () =>
      fetch(`${url}/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    { timeoutMs: 60_000 },
  );
  const password = randomBytes(16).toString('hex');
  await setUpBareInfluxdb(influx, { clock: createClock(), token: operatorToken, password });
  const tokens: Partial<Record<Mode, string>> = {};
  await ensureBuckets(bucketsOfBothModes(influx, operatorToken, tokens));
  return { test: tokens.test ?? '', production: tokens.production ?? '' };
}

/** A few points a second into the bucket of test mode. */
function writePoints(url: string, token: string): { readonly stop: () => void } {
  const { org, mainBucket } = modeFacts.test;
  const write = async (): Promise<void> => {
    const body = Array.from(
      { length: 5 },
      (_, index) => `state,entity=sensor-${index} value=${Math.random()}`,
    );
    await fetch(`${url}/api/v2/write?org=${org}&bucket=${mainBucket}`, {
      method: 'POST',
      headers: { authorization: `Token ${token}` },
      body: body.join('\n'),
    });
  };
  const timer = setInterval(() => void write().catch(() => undefined), 1_000);
  return { stop: () => clearInterval(timer) };
}

/** The folder as a set-up leaves it, as far as the status looks at it. */
async function fillFolder(
  folder: string,
  project: string,
  tokens: Readonly<Record<Mode, string>>,
): Promise<void> {
  const env = (mode: Mode): string =>
    `COMPOSE_PROJECT_NAME=${project}\nCOMPOSE_PROFILES=${mode}\nDEPLOYMENT_MODE=${mode}\nINFLUXDB_TOKEN=${tokens[mode]}\n`;
  await mkdir(join(folder, '.homeiq/modes'), { recursive: true });
  await writeFile(join(folder, '.env'), env('test'), { mode: 0o600 });
  for (const mode of modes)
    await writeFile(join(folder, `.homeiq/modes/${mode}.env`), env(mode), { mode: 0o600 });
  await writeFile(
    join(folder, '.homeiq/deployment.json'),
    formatRecord({
      formatVersion: 1,
      level: 'bundled',
      mode: 'test',
      project,
      templateVersion: '1',
      sourceRevision: undefined,
    }),
    { mode: 0o600 },
  );
  const runId = '20260101T000000Z-0000';
  const journal = await createRuns(folder).create(runId);
  await journal.append({
    kind: 'run-started',
    runId,
    pid: 1,
    plan: { ...planFixture('test'), project, folder },
  });
  await journal.append({ kind: 'run-finished', outcome: 'done', changed: true });
}

/** Starts `count` containers, InfluxDB among them. `composeFolder` has the Compose to use, `influxdbImage` is here already. */
export async function createWatchedStack(options: {
  readonly count: number;
  readonly composeFolder: string;
  readonly influxdbImage: string;
  readonly hasFlood?: boolean;
}): Promise<WatchedStack> {
  await provideTinyImage();
  const { hasFlood = false, composeFolder, influxdbImage } = options;
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-watched-'));
  const project = `homeiq-w-${randomBytes(4).toString('hex')}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = { DOCKER_CONFIG: composeFolder };
  const label = `label=${projectLabel}=${project}`;

  const compose = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await runProcess('docker', ['compose', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment },
      timeoutMs: 180_000,
    });
    if (exitCode !== 0) throw new Error(`docker compose ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const scale = async (count: number): Promise<void> => {
    const file = composeFile(project, influxdbImage, port, count, hasFlood);
    await writeFile(join(folder, 'compose.yaml'), JSON.stringify(file, undefined, 1));
    await compose('up', '-d', '--remove-orphans', '--no-recreate');
  };
  let points: { readonly stop: () => void } | undefined;
  const remove = async (): Promise<void> => {
    points?.stop();
    for (const [list, remove] of [
      [
        ['ps', '-aq'],
        ['rm', '-f', '-v'],
      ],
      [
        ['network', 'ls', '-q'],
        ['network', 'rm'],
      ],
    ] as const) {
      const ids = (await docker([...list, '--filter', label])).split('\n').filter(id => id !== '');
      if (ids.length > 0) await docker([...remove, ...ids]);
    }
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await writeFile(join(folder, '.env'), `COMPOSE_PROJECT_NAME=${project}\n`);
    await scale(options.count);
    const tokens = await prepareInfluxdb(url);
    await fillFolder(folder, project, tokens);
    points = writePoints(url, tokens.test);
    const influxdb = `${project}-influxdb-1`;
    return {
      folder,
      project,
      environment,
      flooding: hasFlood ? nameOf(0) : undefined,
      influxdbPid: Number(await docker(['inspect', '--format', '{{.State.Pid}}', influxdb])),
      scale,
      compose,
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
