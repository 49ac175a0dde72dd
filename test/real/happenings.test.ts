/** What happened, in words, on a real engine: as it happens, and later from what the engine still knows. */

import assert from 'node:assert/strict';
import process from 'node:process';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createClock } from '../../src/adapters/host/clock.ts';
import { startMonitor } from '../../src/app/monitor/monitor.ts';
import { tellHappenings } from '../../src/core/status/happenings.ts';
import { eventsSinceMs } from '../../src/core/status/status-state.ts';
import { happeningText } from '../../src/ui/present/event-words.ts';
import { makeService } from '../core/status/status-fixtures.ts';
import { createScratchProject, docker, skipWithoutEngine } from '../helpers/engine.ts';
import { until } from '../helpers/until.ts';

const limitMiB = 16;
/** The first time it takes all the memory that it may have, the second time it stays. */
const greedy =
  'if [ -f /seen ]; then exec /bin/busybox sleep 1000; fi; : > /seen; x=12345678; while :; do x="$x$x"; done';
const limited = ['--memory', `${limitMiB}m`, '--memory-swap', `${limitMiB}m`, '--restart', 'on-failure'];

test('a kill for memory is one sentence, for who watched it and for who looks later', {
  skip: skipWithoutEngine(),
  timeout: 120_000,
}, async t => {
  const { project, run, remove } = await createScratchProject('happenings');
  t.after(remove);
  const over = new AbortController();
  t.after(() => over.abort());
  const watch = () => {
    const { store } = startMonitor({
      engine: createEngine({ environment: process.env }),
      clock: createClock(),
      status: {
        folder: '/deployment',
        mode: 'test',
        level: 'bundled',
        project,
        stack: { project, services: [makeService('greedy', 'core', 8, { limitMiB })], volumes: [] },
        leftOut: {},
        cores: 2,
        budgetMiB: 8192,
        bucket: 'b',
      },
      queryDataFlow: undefined,
      act: undefined,
      signal: over.signal,
    });
    return {
      store,
      words: () => tellHappenings(store.get().events, () => limitMiB).map(happeningText),
    };
  };
  const watcher = watch();
  await until(() => watcher.store.get().engine.kind === 'answering', { timeoutMs: 10_000 });
  const id = await run('greedy', ['sh', '-c', greedy], limited);
  const killed = /^greedy restarted, exit 137, killed for memory at 16 MiB, away .*s$/;
  await until(() => watcher.words().some(text => killed.test(text)), {
    timeoutMs: 60_000,
    describe: () => `the kill in ${JSON.stringify(watcher.store.get().events)}`,
  });
  assert.deepEqual(
    watcher.words().map(text => text.replace(/, away .*/, '')),
    ['greedy was created and started', 'greedy restarted, exit 137, killed for memory at 16 MiB'],
  );
  t.diagnostic(watcher.words().join('; '));

  const startedLaterMs = Date.now();
  const late = watch();
  // The events come one after the other. Who looks later is told the exit code while Docker still has the event: its last 256.
  const withoutCode = (words: readonly string[]) => words.map(text => text.replace(', exit 137', ''));
  await until(() => isDeepStrictEqual(withoutCode(late.words()), withoutCode(watcher.words())), {
    timeoutMs: 10_000,
    describe: () => `${late.words().join('; ')} to be as ${watcher.words().join('; ')}`,
  });
  assert.ok(eventsSinceMs(late.store.get()) < startedLaterMs);

  await docker(['stop', '-t', '0', id]);
  await docker(['rm', id]);
  for (const { words } of [watcher, late]) {
    await until(() => words().at(-1) === 'greedy was stopped and removed', {
      timeoutMs: 10_000,
      describe: () => words().join('; '),
    });
  }
});
