/** What the machine has for the tests on real parts, and the variables that tell the tests of it. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export type Facility = {
  readonly title: string;
  /** Undefined: not found. */
  readonly found: string | undefined;
  /** The variable the tests read, and its value. */
  readonly variable?: readonly [name: string, value: string];
};

/** Looks for each part that is not given by its variable; asks the registry for an image only when an engine runs. */
export function findFacilities(environment: NodeJS.ProcessEnv): readonly Facility[] {
  const cache = path.join(environment.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'homeiq-setup');
  const engine = ask('docker', ['version', '--format', '{{.Server.Version}}']);
  return [
    { title: 'Docker Engine', found: engine },
    compose('Compose, old', 'HOMEIQ_TEST_COMPOSE_OLD', [
      given('HOMEIQ_TEST_COMPOSE_OLD'),
      ...cached('compose-2'),
    ]),
    compose('Compose, new', 'HOMEIQ_TEST_COMPOSE_NEW', [
      given('HOMEIQ_TEST_COMPOSE_NEW'),
      ...cached('compose-5'),
      environment.DOCKER_CONFIG || path.join(homedir(), '.docker'),
    ]),
    program('influxd', 'HOMEIQ_TEST_INFLUXD', [
      given('HOMEIQ_TEST_INFLUXD'),
      ...cached('bin/influxd-'),
      'influxd',
    ]),
    program('registry', 'HOMEIQ_TEST_REGISTRY', [given('HOMEIQ_TEST_REGISTRY'), ...cached('bin/registry-')]),
    image('InfluxDB image', 'HOMEIQ_TEST_INFLUXDB_IMAGE', engine !== undefined),
    { title: 'tmux', found: ask('tmux', ['-V']) },
  ];

  function given(name: string): string | undefined {
    return environment[name] || undefined;
  }

  /** Files of the cache whose path there starts with `prefix`. */
  function cached(prefix: string): readonly string[] {
    const folder = path.join(cache, path.dirname(prefix));
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names.filter(name => name.startsWith(path.basename(prefix))).map(name => path.join(folder, name));
  }

  function compose(title: string, variable: string, folders: readonly (string | undefined)[]): Facility {
    for (const folder of folders) {
      if (folder === undefined) continue;
      const version = ask('docker', ['compose', 'version', '--short'], { DOCKER_CONFIG: folder });
      if (version !== undefined) return { title, found: version, variable: [variable, folder] };
    }
    return { title, found: undefined };
  }

  function program(title: string, variable: string, paths: readonly (string | undefined)[]): Facility {
    for (const file of paths) {
      // Most know the word; the registry knows the option, and of the word it says nothing and ends well.
      const said = file === undefined ? undefined : ask(file, ['version']) || ask(file, ['--version']);
      if (file === undefined || said === undefined) continue;
      return { title, found: versionIn(said) ?? path.basename(file), variable: [variable, file] };
    }
    return { title, found: undefined };
  }

  /** The last one: in front of it a program may say its own path. */
  function versionIn(said: string): string | undefined {
    return said.match(/\bv?\d+(?:\.\d+)+\S*/g)?.at(-1);
  }

  function image(title: string, variable: string, hasEngine: boolean): Facility {
    const reference = given(variable);
    const candidates = reference ? [reference] : ['homeiq-test/influxdb:2.9.1', 'influxdb:2.9'];
    const isHere = (name: string) =>
      ask('docker', ['image', 'inspect', '--format', '{{.Id}}', name]) !== undefined;
    const isPulled = () => ask('docker', ['pull', '--quiet', 'influxdb:2.9'], {}, 300_000) !== undefined;
    const found = hasEngine
      ? (candidates.find(isHere) ?? (reference === undefined && isPulled() ? 'influxdb:2.9' : undefined))
      : undefined;
    return found === undefined ? { title, found } : { title, found, variable: [variable, found] };
  }

  function ask(file: string, args: readonly string[], more = {}, timeoutMs = 10_000): string | undefined {
    const answer = spawnSync(file, [...args], {
      encoding: 'utf8',
      env: { ...environment, ...more },
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.status === 0 ? answer.stdout.trim().split('\n')[0] : undefined;
  }
}
