/** A real registry on 127.0.0.1 with its images in a temporary folder. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort } from './influxd.ts';
import { isRunning } from './processes.ts';
import { digestOf, tarOfOneFile } from './registry.ts';
import { until } from './until.ts';

/** The only account of a registry that asks for a login; its hash is bcrypt's, as htpasswd makes it. */
export const registryAccount = { username: 'puller', password: 'pull-me-please' } as const;
const passwordHash = '$2b$04$Gpj6k7pq99nMtUsqhYZ99ujyXXcncpie/j2EXQuMteLx.Ipdq9a0a';

export type TestLayer = { readonly archive: Buffer; readonly diffId: string };

/** A layer with one file that does not compress. */
export const randomLayer = (bytes: number): TestLayer => layerOf(randomBytes(bytes));

/** A layer of which next to nothing travels. */
export const emptyLayer = (bytes: number): TestLayer => layerOf(Buffer.alloc(bytes));

function layerOf(content: Buffer): TestLayer {
  const tar = tarOfOneFile(content);
  const level = content.some(byte => byte !== 0) ? 0 : 1;
  return { archive: gzipSync(tar, { level }), diffId: digestOf(tar) };
}

export type RealRegistry = {
  /** For example `127.0.0.1:40123`. */
  readonly address: string;
  /** Uploads an image as `docker push` would; resolves to the name under which it is pulled from `address`. */
  readonly push: (name: string, layers: readonly TestLayer[]) => Promise<string>;
  /** A second address with the same images where every question needs `registryAccount`. */
  readonly startWithLogin: () => Promise<string>;
  readonly dispose: () => Promise<void>;
};

/** The path of the real registry, or why it cannot be had. Throws instead when nothing may be skipped. */
export function registryBinary(): { readonly path: string } | { readonly skip: string } {
  const path = process.env.HOMEIQ_TEST_REGISTRY;
  if (path !== undefined && path !== '') return { path };
  const skip = 'HOMEIQ_TEST_REGISTRY is not set: no real registry here';
  if (process.env.CI === 'true') throw new Error(skip);
  return { skip };
}

export async function startRealRegistry(binary: string): Promise<RealRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-registry-'));
  const children: ChildProcess[] = [];

  /** Resolves to its address; with another port when somebody was quicker. */
  const start = async (access: readonly string[]): Promise<string> => {
    const address = `127.0.0.1:${await freePort()}`;
    const lines = [
      'version: 0.1',
      'log: {level: error}',
      `storage: {filesystem: {rootdirectory: ${join(folder, 'data')}}}`,
      `http: {addr: '${address}'}`,
      ...access,
    ];
    const file = join(folder, `config-${children.length}.yaml`);
    await writeFile(file, `${lines.join('\n')}\n`);
    const env = { ...process.env, OTEL_TRACES_EXPORTER: 'none' };
    const child = spawn(binary, ['serve', file], { stdio: 'ignore', env });
    children.push(child);
    const answers = (): Promise<boolean> =>
      fetch(`http://${address}/v2/`).then(
        ({ status }) => status < 500,
        () => false,
      );
    const outcome = await until(
      async () => (child.exitCode !== null ? 'ended' : (await answers()) ? 'answers' : undefined),
      { timeoutMs: 30_000, describe: () => `the registry at ${address}` },
    );
    if (outcome === 'answers') return address;
    if (children.length > 5) throw new Error(`The registry ends at once, exit code ${child.exitCode}`);
    return start(access);
  };

  const stop = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    for (const { pid } of children) {
      if (pid !== undefined) await until(() => !isRunning(pid), { describe: () => `the end of ${pid}` });
    }
  };

  const upload = async (name: string, bytes: Buffer): Promise<void> => {
    const opened = await fetch(`http://${address}/v2/${name}/blobs/uploads/`, { method: 'POST' });
    const place = new URL(opened.headers.get('location') ?? '', `http://${address}`);
    place.searchParams.set('digest', digestOf(bytes));
    await put(place.href, bytes, 'application/octet-stream');
  };

  const address = await start([]);
  return {
    address,
    push: async (name, layers) => {
      const config = Buffer.from(
        JSON.stringify({
          architecture: 'amd64',
          os: 'linux',
          config: { Cmd: ['/data'] },
          rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
          history: [],
        }),
      );
      for (const bytes of [config, ...layers.map(({ archive }) => archive)]) await upload(name, bytes);
      const media = 'application/vnd.docker';
      const manifest = {
        schemaVersion: 2,
        mediaType: `${media}.distribution.manifest.v2+json`,
        config: {
          mediaType: `${media}.container.image.v1+json`,
          size: config.length,
          digest: digestOf(config),
        },
        layers: layers.map(({ archive }) => ({
          mediaType: `${media}.image.rootfs.diff.tar.gzip`,
          size: archive.length,
          digest: digestOf(archive),
        })),
      };
      await put(
        `http://${address}/v2/${name}/manifests/1`,
        Buffer.from(JSON.stringify(manifest)),
        manifest.mediaType,
      );
      return `${name}:1`;
    },
    startWithLogin: async () => {
      const accounts = join(folder, 'htpasswd');
      await writeFile(accounts, `${registryAccount.username}:${passwordHash}\n`);
      return start([`auth: {htpasswd: {realm: test, path: ${accounts}}}`]);
    },
    dispose: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function put(url: string, bytes: Buffer, type: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: { 'content-type': type },
  });
  if (!answer.ok) throw new Error(`PUT ${url}: ${answer.status} ${await answer.text()}`);
}
