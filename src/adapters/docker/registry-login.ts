/** The login that `docker login` stored for a registry, where the Docker command looks for it. It stays in memory. */

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type RunProcess, runProcess } from '../process/run-process.ts';
import { minimalEnvironment } from './compose-command.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';

/** The name under which logins for Docker's own registry are kept. */
const dockerHubKey = 'https://index.docker.io/v1/';
const helperTimeoutMs = 10_000;

type AuthEntry = {
  readonly auth?: string;
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
};

type ClientConfig = {
  readonly auths?: Readonly<Record<string, AuthEntry>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
};

/**
 * The value of the header `X-Registry-Auth` for a registry; undefined when there is no login, or it cannot be read.
 * Looks as the Docker command does: the helper for this registry, the helper for all, the file itself.
 */
export async function findRegistryLogin(
  environment: ProcessEnvironment,
  registry: string,
  run: RunProcess = runProcess,
): Promise<string | undefined> {
  const folder = environment.DOCKER_CONFIG || join(environment.HOME || homedir(), '.docker');
  const config = await readConfig(join(folder, 'config.json'));
  const key = registry === 'docker.io' ? dockerHubKey : registry;
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  const entry =
    helper === undefined || helper === ''
      ? findEntry(config.auths ?? {}, key)
      : await askHelper(helper, key, environment, run);
  if (entry === undefined) return undefined;
  // The engine wants the URL-safe alphabet with padding.
  return Buffer.from(JSON.stringify({ ...entry, serveraddress: key }))
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

async function readConfig(path: string): Promise<ClientConfig> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Older files name a registry with its scheme and path. */
const hostOf = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

function findEntry(
  auths: Readonly<Record<string, AuthEntry>>,
  key: string,
): Readonly<Record<string, string>> | undefined {
  const found = auths[key] ?? Object.entries(auths).find(([name]) => hostOf(name) === hostOf(key))?.[1];
  if (found === undefined) return undefined;
  if (found.identitytoken) return { identitytoken: found.identitytoken };
  const [username = '', ...rest] = Buffer.from(found.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '')
    .split(':');
  const login = { username: found.username || username, password: found.password || rest.join(':') };
  return login.username === '' ? undefined : login;
}

/** Credential helpers take the registry on their input and print the login (docker-credential-helpers, "get"). */
async function askHelper(
  helper: string,
  key: string,
  environment: ProcessEnvironment,
  run: RunProcess,
): Promise<Readonly<Record<string, string>> | undefined> {
  // A name with a slash would be a path.
  if (!/^[\w.-]+$/.test(helper)) return undefined;
  try {
    const { exitCode, stdout } = await run(`docker-credential-${helper}`, ['get'], {
      env: minimalEnvironment(environment),
      input: key,
      timeoutMs: helperTimeoutMs,
    });
    if (exitCode !== 0) return undefined;
    const { Username: username, Secret: secret } = JSON.parse(stdout) as {
      readonly Username?: string;
      readonly Secret?: string;
    };
    if (username === undefined || secret === undefined) return undefined;
    return username === '<token>' ? { identitytoken: secret } : { username, password: secret };
  } catch {
    return undefined;
  }
}
