/** Finds Docker Compose and prepares how it is called. */

import { ExternalError } from '../../core/error.ts';
import { type RunProcess, runProcess } from '../process/run-process.ts';
import type { ProcessEnvironment } from './engine-endpoint.ts';
import { isAtLeast } from './version.ts';

export type ComposeCommand = {
  readonly file: string;
  /** Before Compose's own arguments: `compose` for the plugin. */
  readonly leading: readonly string[];
  /** For example `2.26.1`. */
  readonly version: string;
};

/** The oldest version with what is used here: `required: false`, `--no-deps`, the resolved model as JSON. */
const oldestVersion = '2.20';
const versionTimeoutMs = 15_000;

/** What Compose and the `docker` command themselves read; anything else of the shell could override the `.env`. */
const passedOn = new Set([
  'PATH',
  'HOME',
  'USER',
  'TMPDIR',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS',
  'DOCKER_TLS_VERIFY',
  'DOCKER_API_VERSION',
  'DOCKER_BUILDKIT',
  'DOCKER_DEFAULT_PLATFORM',
  'SSH_AUTH_SOCK',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
]);

/**
 * Only what finds Docker and the network. Compose lets its environment win over `.env`, so a `COMPOSE_PROFILES` or an
 * `INFLUXDB_TOKEN` left in the operator's shell would silently change the deployment.
 */
export const minimalEnvironment = (environment: ProcessEnvironment): ProcessEnvironment =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.has(name)));

const updateSteps = [
  'With Docker’s own packages: sudo apt-get install docker-compose-plugin',
  'With Ubuntu’s packages: sudo apt-get install docker-compose-v2',
  'Otherwise: https://docs.docker.com/compose/install/linux/',
];

/**
 * The plugin `docker compose`, else a standalone `docker-compose`. Throws an ExternalError when there is none or when
 * it is older than 2.20.
 */
export async function findCompose(
  environment: ProcessEnvironment,
  signal: AbortSignal | undefined,
  run: RunProcess = runProcess,
): Promise<ComposeCommand> {
  const env = minimalEnvironment(environment);
  const seen: string[] = [];
  for (const [file, leading] of [
    ['docker', ['compose']],
    ['docker-compose', []],
  ] as const) {
    const version = await askVersion(run, file, leading, env, signal);
    if (version === undefined) continue;
    if (isAtLeast(version, oldestVersion)) return { file, leading, version };
    seen.push(`${[file, ...leading].join(' ')} is ${version}`);
  }
  const needed = `homeiq needs ${oldestVersion} or newer.`;
  throw seen.length === 0
    ? new ExternalError('Docker Compose is not installed', {
        hint: `Neither "docker compose" nor "docker-compose" answers; ${needed}`,
        nextSteps: updateSteps,
        code: 'not-installed',
      })
    : new ExternalError('Docker Compose is too old', {
        hint: `${seen.join(', ')}; ${needed}`,
        nextSteps: updateSteps,
        code: 'too-old',
      });
}

async function askVersion(
  run: RunProcess,
  file: string,
  leading: readonly string[],
  env: ProcessEnvironment,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    const args = [...leading, 'version', '--short'];
    const said = await run(file, args, {
      env,
      timeoutMs: versionTimeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return said.exitCode === 0 ? /\d+\.\d+\.\d+/.exec(said.stdout)?.[0] : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ExternalError && error.status === 'ENOENT') return undefined;
    throw error;
  }
}
