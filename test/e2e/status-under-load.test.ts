/** The live status screen over a hundred containers: they start at once, one floods its log, one is removed, the size changes. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { skipWithoutSandbox } from '../helpers/deployment.ts';
import { docker } from '../helpers/engine.ts';
import { launcher } from '../helpers/program.ts';
import { type Pty, startInPty } from '../helpers/pty.ts';
import { KEYS } from '../helpers/screen.ts';
import { createWatchedStack, type WatchedStack } from '../helpers/watched-stack.ts';

const count = 100;
const patienceMs = 60_000;
const figures = /watched-\d+ .* MB/;

describe('the status screen over a hundred containers', { skip: skipWithoutSandbox('new') }, () => {
  let stack: WatchedStack;
  let screen: Pty;

  before(async () => {
    stack = await createWatchedStack({
      count,
      composeFolder: process.env.HOMEIQ_TEST_COMPOSE_NEW ?? '',
      influxdbImage: process.env.HOMEIQ_TEST_INFLUXDB_IMAGE ?? '',
      hasFlood: true,
    });
  });
  after(async () => {
    await screen?.close();
    await stack?.remove();
  });

  const open = (size: { readonly columns: number; readonly rows: number }): Pty =>
    startInPty(launcher, ['--dir', stack.folder], {
      folder: stack.folder,
      environment: stack.environment,
      ...size,
    });
  /** Milliseconds from the key to the heading of the CPU column that it changes: the median of several. */
  const answerMs = async (): Promise<number> => {
    const times: number[] = [];
    for (let index = 0; index < 15; index += 1) {
      const wanted = screen.has(/ Up .* Core /) ? / Up .* CPU / : / Up .* Core /;
      const startedMs = performance.now();
      screen.press('%');
      await screen.waitForText(wanted, patienceMs);
      times.push(performance.now() - startedMs);
    }
    return times.toSorted((a, b) => a - b)[7] ?? Number.NaN;
  };

  it('a hundred that start at once are all seen, without a key and without clearing the screen', async () => {
    const small = (await docker(['ps', '-aq', '--filter', `name=${stack.project}-watched`])).split('\n');
    await docker(['stop', '--time', '0', ...small]);
    screen = open({ columns: 140, rows: 40 });
    await screen.waitForText(/ 1\/100 healthy/, patienceMs);
    screen.mark();
    await docker(['start', ...small]);
    await screen.waitForText(/ 100\/100 healthy/, patienceMs);
    await screen.waitForText(figures, patienceMs);
    assert.equal(screen.clears(), 0);
  });

  it('a key is answered as soon with a flood of log lines on the screen as without', async t => {
    const atRest = await answerMs();
    screen.press('/');
    await screen.waitForText('Find ');
    screen.press(`${stack.flooding}`);
    await screen.waitForText(`Find ${stack.flooding}`);
    screen.press(KEYS.enter);
    await screen.waitForText('found by');
    screen.press('l');
    await screen.waitForText(/\d:\d\d .*10\d{5}/, patienceMs);
    const flooded = await answerMs();
    t.diagnostic(`median ${atRest.toFixed(1)} ms at rest, ${flooded.toFixed(1)} ms with the flood`);
    // A screen that works the flood off line by line would take seconds.
    assert.ok(flooded < 10 * atRest + 200, `${flooded} ms against ${atRest} ms`);
  });

  it('a container that is removed while its log is followed is missed, and followed again when it is back', async () => {
    await docker(['rm', '-f', `${stack.project}-${stack.flooding}-1`]);
    await screen.waitForText(/watched-000 has no container/, patienceMs);
    await screen.waitForText(/missing/, patienceMs);
    await stack.compose('up', '-d', '--no-recreate');
    await screen.waitForText(/following/, patienceMs);
    // One after the other: two at once are another key.
    screen.press(KEYS.escape);
    await screen.until(() => !screen.has(/following/), patienceMs);
    screen.press(KEYS.escape);
    await screen.until(() => !screen.has(/found by/), patienceMs);
    await screen.waitForText(/ 100\/100 healthy/, patienceMs);
  });

  it('two hundred sizes in a row leave nothing of another size', async () => {
    for (let index = 0; index < 200; index += 1) {
      screen.resize({ columns: 40 + ((index * 37) % 160), rows: 12 + ((index * 13) % 48) });
      // Most come faster than anything is drawn.
      if (index % 10 === 0) await new Promise(resolve => setTimeout(resolve, 20));
    }
    for (const [columns, rows] of [
      [40, 12],
      [200, 60],
      [80, 24],
      [120, 40],
    ] as const) {
      screen.resize({ columns, rows });
      screen.mark();
      await screen.until(() => screen.clears() > 0, patienceMs);
      await screen.waitForText(/\? keys|q quit/, patienceMs);
      const fresh = open({ columns, rows });
      try {
        await fresh.waitForText(/100\/100/, patienceMs);
        await fresh.waitForText(/watched-\d+.* MB/, patienceMs);
        // Figures, ages and histories are another moment's.
        const shape = (shown: Pty): readonly string[] =>
          shown.rows().map(row => row.replace(/[\d.▁-█↑<]+/g, '0').replace(/\s+/g, ' '));
        await screen.until(() => JSON.stringify(shape(screen)) === JSON.stringify(shape(fresh)), patienceMs);
      } finally {
        await fresh.close();
      }
    }
  });
});
