import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { inParallel } from '../../src/app/in-parallel.ts';

const numbers = Array.from({ length: 30 }, (_, index) => index);

describe('Many questions at once', () => {
  test('are answered in their order, a few at a time', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel(numbers, async number => {
      running += 1;
      most = Math.max(most, running);
      // Later ones are quicker.
      for (let turn = number; turn < 30; turn += 1) await nextTurn();
      running -= 1;
      return number * 2;
    });
    assert.deepEqual(
      results,
      numbers.map(number => number * 2),
    );
    assert.ok(most > 1 && most <= 8, String(most));
    assert.deepEqual(await inParallel([], async () => 1), []);
  });

  test('end with the first failure, which the others are told, and none is left behind', async () => {
    let running = 0;
    const started: number[] = [];
    const failure = new Error('third');
    const asked = inParallel(numbers, async (number, signal) => {
      started.push(number);
      running += 1;
      await nextTurn();
      try {
        if (number === 2) throw failure;
        while (!signal.aborted) await nextTurn();
        signal.throwIfAborted();
      } finally {
        running -= 1;
      }
    });
    await assert.rejects(asked, failure);
    assert.equal(running, 0);
    assert.ok(started.length <= 8);
  });

  test('end with the reason of a signal', async () => {
    const stopping = new AbortController();
    const reason = new Error('stopped');
    const asked = inParallel(
      numbers,
      async (number, signal) => {
        if (number === 1) stopping.abort(reason);
        while (!signal.aborted) await nextTurn();
        signal.throwIfAborted();
      },
      stopping.signal,
    );
    await assert.rejects(asked, reason);
  });
});
