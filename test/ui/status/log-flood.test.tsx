/** A log that floods in real time: the screen goes on answering, and what is held stays bounded. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createClock } from '../../../src/adapters/host/clock.ts';
import { createRehearsalEngine } from '../../../src/adapters/rehearsal/rehearsal-engine.ts';
import { startMonitor } from '../../../src/app/monitor/monitor.ts';
import { createStatusSession } from '../../../src/app/monitor/status-session.ts';
import { logLimit } from '../../../src/core/logs/log-ring.ts';
import type { Engine } from '../../../src/ports/engine.ts';
import { unicodeGlyphs } from '../../../src/ui/present/glyphs.ts';
import { ShellView } from '../../../src/ui/tui/shell.tsx';
import { createStatusScreen } from '../../../src/ui/tui/status/status-screen.tsx';
import { statusOptions } from '../../core/status/status-fixtures.ts';
import { KEYS, renderOnScreen } from '../../helpers/screen.ts';
import { until } from '../../helpers/until.ts';

const linesASecond = 10_000;
const turnMs = 10;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapMiB = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1_048_576;
};

/** A JSON line, which costs the most to read, as often as asked for; with what a hostile one would have in it. */
function flood(written: { count: number }): Engine['logs'] {
  return async function* (_id, { signal }) {
    const startedMs = performance.now();
    while (!signal.aborted) {
      const due = ((performance.now() - startedMs) * linesASecond) / 1_000;
      for (; written.count < due; written.count += 1) {
        const at = new Date().toISOString();
        const text = JSON.stringify({
          timestamp: at,
          level: written.count % 50 === 0 ? 'WARNING' : 'INFO',
          message: `\x1b[2Jrequest ${written.count} was answered`,
          status: 200,
        });
        yield { at, stream: 'stdout', text };
      }
      await sleep(turnMs);
    }
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

test('10,000 lines a second from one service: every key is answered, and memory stays where it is', async t => {
  const clock = createClock();
  const { engine, control } = createRehearsalEngine({ clock });
  control.start(
    control.create({
      name: 'homeiq-data-api-1',
      project: 'homeiq',
      service: 'data-api',
      image: 'any',
      hasHealthcheck: false,
      isOneShot: false,
      expectedMiB: 10,
      limitMiB: undefined,
      bootMs: 0,
      environment: {},
      labels: {},
      publishedPorts: [],
    }),
  );
  const written = { count: 0 };
  const over = new AbortController();
  const monitor = startMonitor({
    engine: { ...engine, logs: flood(written) },
    clock,
    status: statusOptions,
    queryDataFlow: undefined,
    act: undefined,
    signal: over.signal,
  });
  const session = createStatusSession(monitor);
  const screen = createStatusScreen({ session, onQuit: () => {}, onSwitch: () => {} });
  const shown = renderOnScreen(<ShellView screen={screen} glyphs={unicodeGlyphs} />);
  t.after(() => {
    shown.close();
    screen.dispose();
    over.abort();
  });
  await shown.waitForText('data-api');
  const answerMs: number[] = [];
  const pressAndSee = async (key: string, text: string | RegExp): Promise<void> => {
    const startedMs = performance.now();
    await shown.press(key);
    await shown.waitForText(text);
    answerMs.push(performance.now() - startedMs);
  };
  const isFull = () => monitor.logs.get().lines.length === logLimit;

  await shown.press('/', ...'data-api', KEYS.enter, KEYS.down, 'l', 'l');
  await shown.waitForText('w wrap');
  await until(isFull, { timeoutMs: 20_000 });
  const beforeMiB = heapMiB();
  const from = written.count;
  for (let round = 0; round < 8; round += 1) {
    await pressAndSee('w', 'w cut');
    await pressAndSee('w', 'w wrap');
    await pressAndSee('v', 'info and worse');
    await pressAndSee('v', 'warn and worse');
    await pressAndSee('v', 'errors only');
    await shown.press('v');
    await pressAndSee('f', 'paused');
    await pressAndSee('f', 'following');
  }
  await shown.press('/', ...'answered', KEYS.enter);
  await shown.waitForText(/"answered" \d+ of \d+/);
  await pressAndSee('n', /paused, \d+ newer below/);
  // Long enough that what is let go is much more than what is held.
  await until(() => written.count - from > 6 * logLimit, { timeoutMs: 60_000 });
  await shown.press('f');
  await shown.waitForText('following');
  const grownMiB = heapMiB() - beforeMiB;
  const { lines, droppedCount } = monitor.logs.get();
  t.diagnostic(
    `${written.count} lines; keys answered in ${Math.round(median(answerMs))} ms (median), ${Math.round(Math.max(...answerMs))} ms (longest); heap ${grownMiB.toFixed(1)} MiB more`,
  );
  assert.equal(lines.length, logLimit);
  assert.ok(droppedCount > 5 * logLimit);
  assert.ok(grownMiB < 40, `${grownMiB} MiB more`);
  assert.equal(shown.clears(), 0, 'what clears a screen never came through');
});
