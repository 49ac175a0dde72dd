/** A real container that floods its log, is removed while it is followed, and comes back. */

import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createClock } from '../../src/adapters/host/clock.ts';
import { startMonitor } from '../../src/app/monitor/monitor.ts';
import { logLimit } from '../../src/core/logs/log-ring.ts';
import { makeService, statusOptions } from '../core/status/status-fixtures.ts';
import { createScratchProject, docker, skipWithoutEngine } from '../helpers/engine.ts';
import { until } from '../helpers/until.ts';

/** Hundreds at a time, with what could clear a screen: far more than 10,000 a second where the machine can. */
const flood =
  'x=$(/bin/busybox printf "\\033[2J"); i=0; while :; do i=$((i+1)); /bin/busybox yes "$x request $i was answered" | /bin/busybox head -n 500; /bin/busybox sleep 0.02; done';
const floodOptions = ['--log-driver', 'json-file', '--log-opt', 'max-size=8m', '--log-opt', 'max-file=2'];

test('a flood is held in bounds, and a container that is removed under it and made anew is followed again', {
  skip: skipWithoutEngine(),
  timeout: 120_000,
}, async t => {
  const { project, run, remove } = await createScratchProject('flood');
  t.after(remove);
  const over = new AbortController();
  t.after(() => over.abort());
  const id = await run('flooding', ['sh', '-c', flood], floodOptions);
  const { store, logs, followLog } = startMonitor({
    engine: createEngine({ environment: process.env }),
    clock: createClock(),
    status: {
      ...statusOptions,
      project,
      stack: { project, services: [makeService('flooding', 'core', 8)], volumes: [] },
    },
    queryDataFlow: undefined,
    act: undefined,
    signal: over.signal,
  });
  await until(() => store.get().services[0]?.containerId !== undefined, { timeoutMs: 20_000 });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const startedMs = performance.now();
  followLog({ kind: 'services', names: ['flooding'] });
  await until(() => logs.get().droppedCount > 4 * logLimit, { timeoutMs: 60_000 });
  delay.disable();
  const seconds = (performance.now() - startedMs) / 1_000;
  const { lines, droppedCount } = logs.get();
  t.diagnostic(
    `${Math.round((lines.length + droppedCount) / seconds)} lines a second; the event loop was held for ${Math.round(delay.percentile(50) / 1e6)} ms (median), ${Math.round(delay.max / 1e6)} ms (longest)`,
  );
  assert.equal(lines.length, logLimit);
  assert.match(lines.at(-1)?.text ?? '', /^ ?request \d+ was answered$/);

  await docker(['rm', '-f', id]);
  await until(() => logs.get().phase === 'waiting', { timeoutMs: 20_000 });
  await until(() => logs.get().problem === 'flooding has no container.', {
    timeoutMs: 20_000,
    describe: () => `${logs.get().problem}`,
  });
  assert.equal(logs.get().lines.length, logLimit, 'what it said last stays');
  await run('flooding', ['sh', '-c', 'echo the second one; exec /bin/busybox sleep 1000']);
  await until(() => logs.get().lines.at(-1)?.text === 'the second one', { timeoutMs: 20_000 });
  assert.equal(logs.get().phase, 'following');
});
