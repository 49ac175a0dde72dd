/** A sandbox of few services, and what must be true of it whatever happened to a run. */

import assert from 'node:assert/strict';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { exitCodes } from '../../src/core/error.ts';
import type { Mode } from '../../src/core/mode/mode.ts';
import { readComposeFile } from './bundled-stack.ts';
import { type ComposeAge, createDeployment, type SeenContainer, type TestDeployment } from './deployment.ts';
import { docker } from './engine.ts';

/** InfluxDB and the stand-ins of Home Assistant come besides. Of each kind one: neutral, of both modes, of production. */
const kept = ['LOG_AGGREGATOR', 'DATA_API', 'DATA_RETENTION', 'HOME_ASSISTANT_TEST'];
const servicesOf: Readonly<Record<Mode, readonly string[]>> = {
  test: ['data-api', 'home-assistant-test', 'influxdb', 'log-aggregator'],
  production: ['data-api', 'data-retention', 'influxdb', 'log-aggregator', 'operator-home-assistant'],
};
/** A switch keeps these. */
export const neutral: readonly string[] = ['influxdb', 'log-aggregator'];

/** Presets that leave out every other service. */
function fewServices(): Readonly<Record<string, string>> {
  const keys = new Set(readComposeFile().match(/HOMEIQ_[A-Z_]+_ON\b/g));
  const isKept = (key: string) => kept.some(name => key === `HOMEIQ_${name}_ON`);
  return Object.fromEntries([...keys].filter(key => !isKept(key)).map(key => [`HOMEIQ_SET_${key}`, '0']));
}

export const createSmallSandbox = (
  age: ComposeAge,
  more: Readonly<Record<string, string>> = {},
): Promise<TestDeployment> => createDeployment(age, { ...fewServices(), ...more });

/** A small sandbox that runs in test mode. Nothing of it is left when the set-up fails. */
export async function createRunningSandbox(age: ComposeAge): Promise<TestDeployment> {
  const deployment = await createSmallSandbox(age);
  try {
    const setup = await deployment.run(['setup', '--mode', 'test', '--sandbox', '--yes']);
    assert.equal(setup.exitCode, exitCodes.done, setup.stderr + setup.stdout);
    return deployment;
  } catch (error) {
    await deployment.remove();
    throw error;
  }
}

/** Exactly the services of the mode, all up, none of them of the other mode; `.env` says the same. */
export async function assertRuns(deployment: TestDeployment, mode: Mode): Promise<readonly SeenContainer[]> {
  const seen = await deployment.containers();
  assert.deepEqual(
    seen.map(({ service, state, health }) => `${service} ${state} ${health}`),
    servicesOf[mode].map(service => `${service} running healthy`),
  );
  assert.match(await deployment.read('.env'), new RegExp(`^DEPLOYMENT_MODE=${mode}$`, 'm'));
  assert.deepEqual(await modesThatRun(deployment.project), [mode]);
  return seen;
}

/** Ids and start times of the neutral services: the same ones through every switch. */
export const lookAtNeutral = (containers: readonly SeenContainer[]): readonly string[] =>
  containers
    .filter(({ service }) => neutral.includes(service))
    .map(({ service, id, startedAt }) => `${service} ${id} ${startedAt}`);

/** Name and time of making of each volume: one that was made anew differs. */
export async function lookAtVolumes(deployment: TestDeployment): Promise<readonly string[]> {
  const names = await deployment.volumes();
  const text = await docker(['volume', 'inspect', '--format', '{{.Name}} {{.CreatedAt}}', ...names]);
  return text.split('\n').toSorted();
}

const engine = createEngine({ environment: process.env });

async function modesThatRun(project: string): Promise<readonly string[]> {
  const containers = await engine.containers(project);
  const living = containers.filter(({ state }) => ['running', 'restarting', 'paused'].includes(state));
  return [...new Set(living.flatMap(({ environment }) => environment.DEPLOYMENT_MODE ?? []))];
}

/** Looks again and again which modes have living containers; `stop` throws when there were ever two at once. */
export function watchModes(project: string): { readonly stop: () => Promise<number> } {
  let isOver = false;
  let looks = 0;
  let together: readonly string[] | undefined;
  const looking = (async () => {
    while (!isOver) {
      const modes = await modesThatRun(project).catch(() => []);
      looks += 1;
      if (modes.length > 1) together = modes;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await looking;
      assert.equal(together, undefined, 'containers of both modes ran at once');
      return looks;
    },
  };
}
