/** The monitor on a real engine: a container appears, becomes healthy, dies, comes back; the engine goes and comes back. */

import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createClock } from '../../src/adapters/host/clock.ts';
import { startMonitor } from '../../src/app/monitor/monitor.ts';
import { observeOnce } from '../../src/app/monitor/observe-once.ts';
import { createStatusSession } from '../../src/app/monitor/status-session.ts';
import type { Stack } from '../../src/core/stack/stack.ts';
import { judgeDeployment } from '../../src/core/status/judge-deployment.ts';
import { makeService } from '../core/status/status-fixtures.ts';
import { createScratchProject, docker, skipWithoutEngine } from '../helpers/engine.ts';
import { createSocketGate } from '../helpers/socket-gate.ts';
import { until } from '../helpers/until.ts';

const skip = skipWithoutEngine();
const busybox = '/bin/busybox';
const engineSocket = '/var/run/docker.sock';
const timeoutMs = 30_000;

const stack = (project: string): Stack => ({
  project,
  services: [makeService('talker', 'core', 16), makeService('quiet', 'core', 8)],
  volumes: [],
});

/** Says a line, then is healthy once the file /ok is there, and ends with 3 when asked to. */
const talker = [
  'sh',
  '-c',
  `echo "talker starts"; trap "exit 3" TERM; while :; do ${busybox} sleep 0.1; done`,
] as const;
const talkerOptions = [
  '--restart',
  'always',
  '--env',
  'DEPLOYMENT_MODE=test',
  // The image has no shell for the healthcheck.
  '--volume',
  `${busybox}:/bin/sh:ro`,
  '--health-cmd',
  '[ -f /ok ]',
  '--health-interval',
  '200ms',
  '--health-start-period',
  '30s',
] as const;

test('from nothing to healthy, through a death and an engine that is away', {
  skip,
  timeout: 120_000,
}, async t => {
  const { project, run, remove } = await createScratchProject('status');
  t.after(remove);
  const gate = await createSocketGate(engineSocket);
  t.after(gate.remove);
  await gate.open();
  const over = new AbortController();
  t.after(() => over.abort());
  const engine = createEngine({ environment: { ...process.env, DOCKER_HOST: `unix://${gate.path}` } });
  const options = {
    engine,
    clock: createClock(),
    status: {
      folder: '/deployment',
      mode: 'test',
      level: 'bundled',
      project,
      stack: stack(project),
      leftOut: {},
      cores: 2,
      budgetMiB: 8192,
      bucket: 'none',
    },
    queryDataFlow: undefined,
    signal: over.signal,
  } as const;
  const monitor = startMonitor({ ...options, act: undefined });
  const session = createStatusSession(monitor);
  t.after(session.dispose);
  const status = () => session.store.get().status;
  const stateOf = (name: string) => status().services.find(service => service.name === name)?.state;
  const waitFor = (what: string, isSo: () => boolean) =>
    until(isSo, { timeoutMs, describe: () => `${what}; it is ${JSON.stringify(status().services)}` });

  await waitFor('the first list', () => status().engine.kind === 'answering');
  assert.equal(judgeDeployment(status()).verdict, 'stopped');

  const id = await run('talker', talker, talkerOptions);
  await run('quiet', ['sleep', '1000'], ['--stop-timeout', '0']);
  await waitFor('the talker starts', () => stateOf('talker')?.kind === 'starting');
  await waitFor('the quiet one runs', () => stateOf('quiet')?.kind === 'unchecked');
  await docker(['exec', id, busybox, 'touch', '/ok']);
  await waitFor('both are good', () => judgeDeployment(status()).isHealthy);
  await waitFor('memory and CPU are known', () => status().totals.cpuShare !== undefined);
  assert.ok(status().totals.memoryMiB > 0.1);

  monitor.followLog({ kind: 'services', names: ['talker'] });
  await waitFor('its log', () => session.store.get().logs.lines.length === 1);
  await docker(['exec', id, busybox, 'kill', '-TERM', '1']);
  await waitFor('it came back', () => {
    const service = status().services.find(({ name }) => name === 'talker');
    return service?.restartCount === 1 && service.state.kind === 'healthy';
  });
  assert.ok(status().events.some(({ what }) => what.kind === 'ended' && what.exitCode === 3));
  await waitFor('its log goes on', () => session.store.get().logs.lines.length === 2);

  const once = await observeOnce(options);
  assert.equal(judgeDeployment(once).isHealthy, true);
  assert.ok(once.totals.memoryMiB > 0.1 && once.totals.cpuShare !== undefined);

  await gate.close();
  await waitFor('the engine is missed', () => status().engine.kind === 'gone');
  assert.equal(stateOf('talker')?.kind, 'healthy', 'the last frame stays');
  assert.match(judgeDeployment(status()).reasons.join(), /\S/);
  await docker(['kill', `${project}-quiet-1`]);
  await gate.open();
  await waitFor(
    'it is there again, and what happened meanwhile is seen',
    () => stateOf('quiet')?.kind === 'exited',
  );
  assert.deepEqual(stateOf('quiet'), { kind: 'exited', exitCode: 137 });

  await docker(['rm', '-f', `${project}-quiet-1`]);
  await waitFor('a removed container is missed', () => stateOf('quiet')?.kind === 'missing');
  over.abort();
  await monitor.ended;
});
