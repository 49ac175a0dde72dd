/** Switching a sandbox from test to production and back, with both Compose versions, and a switch that fails. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import type { Plan } from '../../src/core/plan/plan.ts';
import type { ServiceChange } from '../../src/core/plan/service-change.ts';
import {
  createDeployment,
  type SeenContainer,
  skipWithoutSandbox,
  type TestDeployment,
} from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { type SeenEvent, watchHealth, watchProject } from '../helpers/engine-events.ts';
import { runProgram } from '../helpers/program.ts';
import { endOf, readEvents, stepTimes } from '../helpers/run-events.ts';

const neutral = [
  'ai-automation-ui',
  'ai-core-service',
  'health-dashboard',
  'influxdb',
  'log-aggregator',
  'ml-service',
  'ner-service',
  'openai-service',
  'openvino-service',
];

const ofNeutral = (containers: readonly SeenContainer[]): readonly string[] =>
  containers
    .filter(({ service }) => neutral.includes(service))
    .map(({ service, id, startedAt }) => `${service} ${id} ${startedAt}`);

const asText = (containers: readonly SeenContainer[]): readonly string[] =>
  containers.map(({ service, id, state, startedAt }) => `${service} ${id} ${state} ${startedAt}`);

/** What was there is removed before anything new starts. Docker may restart until then what ends by itself. */
function assertNeverTogether(events: readonly SeenEvent[], before: readonly SeenContainer[]): void {
  const left = new Map(
    before.filter(({ service }) => !neutral.includes(service)).map(({ id, service }) => [id, service]),
  );
  const removals = events.filter(({ action, id }) => action === 'destroy' && left.has(id));
  assert.deepEqual(removals.map(({ service }) => service).toSorted(), [...left.values()].toSorted());
  const lastRemovalMs = Math.max(...removals.map(({ atMs }) => atMs));
  const starts = events.filter(({ action, id }) => action === 'start' && !left.has(id));
  assert.ok(starts.length > 0);
  assert.deepEqual(
    starts.filter(({ atMs }) => atMs <= lastRemovalMs).map(({ service }) => service),
    [],
  );
}

describe('a switch in the sandbox', { skip: skipWithoutSandbox('old', 'new') }, () => {
  let deployment: TestDeployment;
  let environments: Readonly<Record<'old' | 'new', Readonly<Record<string, string>>>>;

  /** Runs a command with one of the Compose versions. */
  const run = (age: 'old' | 'new', args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    runProgram([...args, '--json', ...(args[0] === 'plan' ? [] : ['--yes'])], {
      folder: deployment.folder,
      environment: { ...environments[age], ...more },
      timeoutMs: 300_000,
    });

  /** A switch, with everything that is seen of it from outside. */
  const watchSwitch = async (
    age: 'old' | 'new',
    mode: string,
    more: Readonly<Record<string, string>> = {},
  ) => {
    const before = await deployment.containers();
    const engine = await watchProject(deployment.project);
    const influxdb = watchHealth(`http://127.0.0.1:${deployment.portOf('influxdb')}/health`);
    const startedMs = performance.now();
    const { exitCode, stdout, stderr } = await run(age, ['switch', mode], more);
    const tookMs = performance.now() - startedMs;
    const health = await influxdb.stop();
    const engineEvents = await engine.stop();
    const after = await deployment.containers();
    const events = readEvents(stdout);
    assert.ok(health.asked > 20);
    assert.equal(health.worstGapMs, 0, 'InfluxDB was not healthy all along');
    assert.deepEqual(ofNeutral(after), ofNeutral(before));
    assert.equal(ofNeutral(after).length, neutral.length);
    return { exitCode, stdout, stderr, tookMs, engineEvents, before, after, events };
  };

  const assertMode = async (containers: readonly SeenContainer[], mode: 'test' | 'production') => {
    assert.match(await deployment.read('.env'), new RegExp(`^DEPLOYMENT_MODE=${mode}$`, 'm'));
    const environment = await docker([
      'inspect',
      '--format',
      '{{json .Config.Env}}',
      ...containers.map(({ id }) => id),
    ]);
    assert.doesNotMatch(environment, mode === 'test' ? /DEPLOYMENT_MODE=production/ : /DEPLOYMENT_MODE=test/);
    assert.deepEqual(
      containers.filter(({ state, health }) => state !== 'running' || health !== 'healthy'),
      [],
    );
    assert.equal(containers.length, mode === 'test' ? 16 : 23);
  };

  /** What an operator would type; it must leave everything as it is. */
  const assertBareUpChangesNothing = async (age: 'old' | 'new') => {
    const before = asText(await deployment.containers());
    const { PATH = '', HOME = '' } = process.env;
    const { exitCode, stderr } = await runProcess('docker', ['compose', 'up', '-d'], {
      cwd: deployment.folder,
      env: { PATH, HOME, DOCKER_CONFIG: environments[age].DOCKER_CONFIG ?? '' },
    });
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(asText(await deployment.containers()), before);
  };

  /** What nobody planned for: a paused service, one of the other mode, and a container of its own of a service. */
  const leaveByHand = async () => {
    const { PATH = '', HOME = '' } = process.env;
    const env = { PATH, HOME, DOCKER_CONFIG: environments.old.DOCKER_CONFIG ?? '' };
    const compose = (...args: readonly string[]) =>
      runProcess('docker', ['compose', ...args], { cwd: deployment.folder, env });
    await compose('up', '-d', '--no-deps', 'websocket-ingestion-test');
    await compose('run', '-d', '--no-deps', 'weather-api');
    await compose('pause', 'data-retention');
    const states = (await deployment.containers()).map(({ service, state }) => `${service} ${state}`);
    // Its guard ends it in this mode, and Docker starts it again.
    assert.match(states.join('\n'), /^websocket-ingestion-test (running|restarting|exited)$/m);
    assert.ok(states.includes('data-retention paused'), states.join('\n'));
    assert.equal(states.filter(text => text === 'weather-api running').length, 2, states.join('\n'));
  };

  before(async () => {
    deployment = await createDeployment('old');
    const { environment } = deployment;
    const newer = process.env.HOMEIQ_TEST_COMPOSE_NEW ?? '';
    environments = { old: environment, new: { ...environment, DOCKER_CONFIG: newer } };
    const { exitCode, stdout, stderr } = await run('old', ['setup', '--mode', 'test', '--sandbox']);
    assert.equal(exitCode, 0, stderr + stdout);
  });
  after(() => deployment?.remove());

  for (const [from, to] of [
    ['test', 'production'],
    ['production', 'test'],
  ] as const) {
    it(`goes from ${from} to ${to}, one after the other, and leaves the neutral services alone`, async t => {
      if (from === 'production') await leaveByHand();
      const preview = await run('old', ['plan', '--mode', to, '--sandbox']);
      assert.equal(preview.exitCode, 0, preview.stderr + preview.stdout);
      const { changes }: { readonly changes: Plan['changes'] } = JSON.parse(preview.stdout);
      const namesOf = (kind: ServiceChange['kind']): readonly string[] =>
        (changes ?? [])
          .filter(change => change.kind === kind)
          .map(({ name }) => name)
          .toSorted();
      const seen = await watchSwitch('old', to);
      // What was said before is what happened.
      const names = (containers: readonly SeenContainer[]) => [
        ...new Set(containers.map(({ service }) => service)),
      ];
      const bound = names(seen.before).filter(name => !neutral.includes(name));
      assert.deepEqual(namesOf('keep'), neutral);
      assert.deepEqual(
        namesOf('recreate'),
        bound.filter(name => names(seen.after).includes(name)),
      );
      assert.deepEqual(
        namesOf('stop'),
        bound.filter(name => !names(seen.after).includes(name)),
      );
      assert.deepEqual(
        namesOf('start'),
        names(seen.after).filter(name => !names(seen.before).includes(name)),
      );
      assert.equal(seen.exitCode, 0, seen.stderr + seen.stdout);
      t.diagnostic(`${(seen.tookMs / 1000).toFixed(1)} s: ${stepTimes(seen.events)}`);
      assert.equal(endOf(seen.events).outcome, 'done');
      assertNeverTogether(seen.engineEvents, seen.before);
      await assertMode(seen.after, to);
      await assertBareUpChangesNothing('old');
    });
  }

  it('goes back by itself when a service of the new mode fails', async t => {
    // Another Compose counts its hashes anew: what runs is made its own first.
    const { exitCode, stdout, stderr } = await run('new', ['setup', '--mode', 'test', '--sandbox']);
    assert.equal(exitCode, 0, stderr + stdout);
    const seen = await watchSwitch('new', 'production', {
      HOMEIQ_SET_SANDBOX_DATA_RETENTION_FAULT: 'exit-at-once',
    });
    t.diagnostic(`${(seen.tookMs / 1000).toFixed(1)} s: ${stepTimes(seen.events)}`);
    assert.equal(seen.exitCode, 1, seen.stderr + seen.stdout);
    assert.equal(endOf(seen.events).outcome, 'rolled-back');
    const failure = seen.events.find(event => event.kind === 'step-failed');
    assert.ok(failure?.kind === 'step-failed' && failure.step === 'services');
    assert.match(failure.error.message, /^data-retention is exited/);
    await assertMode(seen.after, 'test');
    assert.doesNotMatch(await deployment.read('.env'), /FAULT/);
    await assertBareUpChangesNothing('new');
  });
});
