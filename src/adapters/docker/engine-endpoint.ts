/** Where the Docker Engine listens: the same answer that the `docker` command would find. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../core/error.ts';

export type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

type TlsFiles = {
  readonly ca: Buffer | undefined;
  readonly certificate: Buffer | undefined;
  readonly key: Buffer | undefined;
  readonly isVerified: boolean;
};

export type EngineEndpoint =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly tls: TlsFiles | undefined;
    };

export const usualSocketPath = '/var/run/docker.sock';

/** As people know it: `unix:///var/run/docker.sock`. */
export const describeEndpoint = (endpoint: EngineEndpoint): string =>
  endpoint.kind === 'unix' ? `unix://${endpoint.socketPath}` : `tcp://${endpoint.host}:${endpoint.port}`;

/**
 * `DOCKER_HOST`, else the context named by `DOCKER_CONTEXT` or by `currentContext` in the client's config.json, else
 * /var/run/docker.sock, else the socket of a rootless engine. Throws a UserError for an address this program cannot use.
 */
export async function findEndpoint(
  environment: ProcessEnvironment,
  socketPathTried = usualSocketPath,
): Promise<EngineEndpoint> {
  const host = environment.DOCKER_HOST;
  if (host !== undefined && host !== '') return parseHost(host, 'DOCKER_HOST', await readTls(environment));
  const configFolder = environment.DOCKER_CONFIG || join(environment.HOME || homedir(), '.docker');
  const context = environment.DOCKER_CONTEXT || (await readCurrentContext(configFolder));
  if (context !== undefined && context !== '' && context !== 'default') {
    return readContext(configFolder, context);
  }
  const usual = { kind: 'unix', socketPath: socketPathTried } as const;
  if (await isSocket(socketPathTried)) return usual;
  const runtimeFolder = environment.XDG_RUNTIME_DIR;
  if (runtimeFolder !== undefined && runtimeFolder !== '') {
    const socketPath = join(runtimeFolder, 'docker.sock');
    if (await isSocket(socketPath)) return { kind: 'unix', socketPath };
  }
  return usual;
}

function parseHost(host: string, source: string, tls: TlsFiles | undefined): EngineEndpoint {
  if (host.startsWith('unix://')) return { kind: 'unix', socketPath: host.slice('unix://'.length) };
  if (host.startsWith('/')) return { kind: 'unix', socketPath: host };
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url !== undefined && /^(tcp|http|https):$/.test(url.protocol) && url.hostname !== '') {
    const isEncrypted = tls !== undefined || url.protocol === 'https:';
    const port = url.port === '' ? (isEncrypted ? 2376 : 2375) : Number(url.port);
    const plainTls: TlsFiles = { ca: undefined, certificate: undefined, key: undefined, isVerified: true };
    return {
      kind: 'tcp',
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      tls: isEncrypted ? (tls ?? plainTls) : undefined,
    };
  }
  throw new UserError(`The Docker address ${host} (from ${source}) cannot be used`, {
    hint: 'homeiq talks to an engine over unix:// or tcp://.',
    nextSteps: host.startsWith('ssh://')
      ? ['Run homeiq on that machine itself, in an SSH session.']
      : [`Correct ${source}, or remove it to use the engine of this machine.`],
  });
}

async function readTls(environment: ProcessEnvironment): Promise<TlsFiles | undefined> {
  const isVerified = (environment.DOCKER_TLS_VERIFY ?? '') !== '';
  if (!isVerified && (environment.DOCKER_TLS ?? '') === '') return undefined;
  const folder =
    environment.DOCKER_CERT_PATH ||
    environment.DOCKER_CONFIG ||
    join(environment.HOME || homedir(), '.docker');
  return readTlsFolder(folder, isVerified);
}

async function readTlsFolder(folder: string, isVerified: boolean): Promise<TlsFiles> {
  const [ca, certificate, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map(name => readIfThere(join(folder, name))),
  );
  return { ca, certificate, key, isVerified };
}

async function readCurrentContext(configFolder: string): Promise<string | undefined> {
  const path = join(configFolder, 'config.json');
  const bytes = await readIfThere(path);
  if (bytes === undefined) return undefined;
  const config = parseJson(bytes, path);
  const name =
    typeof config === 'object' && config !== null && 'currentContext' in config
      ? config.currentContext
      : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** A context's files lie under the SHA-256 of its name: Docker CLI, `cli/context/store`. */
async function readContext(configFolder: string, name: string): Promise<EngineEndpoint> {
  const digest = createHash('sha256').update(name).digest('hex');
  const path = join(configFolder, 'contexts', 'meta', digest, 'meta.json');
  const bytes = await readIfThere(path);
  if (bytes === undefined) {
    throw new UserError(`The Docker context ${name} does not exist`, {
      hint: `It is named by DOCKER_CONTEXT or by ${join(configFolder, 'config.json')}.`,
      nextSteps: ['See the contexts there are: docker context ls', 'Choose one: docker context use default'],
    });
  }
  const meta = parseJson(bytes, path) as {
    readonly Endpoints?: { readonly docker?: { readonly Host?: string; readonly SkipTLSVerify?: boolean } };
  } | null;
  const docker = meta?.Endpoints?.docker;
  const tlsFolder = join(configFolder, 'contexts', 'tls', digest, 'docker');
  const hasTls = await stat(tlsFolder).then(
    () => true,
    () => false,
  );
  const tls = hasTls ? await readTlsFolder(tlsFolder, docker?.SkipTLSVerify !== true) : undefined;
  return parseHost(docker?.Host ?? '', `the Docker context ${name}`, tls);
}

const readIfThere = (path: string): Promise<Buffer | undefined> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw new UserError(`${path} cannot be read (${error.code})`, {
      nextSteps: ['Make it readable for your account, or set DOCKER_HOST.'],
    });
  });

function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new UserError(`${path} is not valid JSON`, { nextSteps: ['Correct it, or set DOCKER_HOST.'] });
  }
}

const isSocket = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isSocket(),
    // A socket in a folder that may not be entered is there all the same.
    (error: NodeJS.ErrnoException) => error.code === 'EACCES',
  );
