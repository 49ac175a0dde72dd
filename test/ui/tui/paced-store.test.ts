import assert from 'node:assert/strict';
import test from 'node:test';
import { createStore } from '../../../src/app/store.ts';
import { paceStore } from '../../../src/ui/tui/paced-store.ts';

function open(t: test.TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const store = createStore({ count: 0 });
  const paced = paceStore(store, 100);
  const seen: number[] = [];
  const stop = paced.subscribe(() => seen.push(paced.get().count));
  const count = (): void => store.set({ count: store.get().count + 1 });
  return { store, paced, seen, stop, count, pass: (ms: number) => t.mock.timers.tick(ms) };
}

test('the first change is told at once, a burst as one, and nothing when nothing changed', t => {
  const { seen, count, pass } = open(t);
  for (let index = 0; index < 50; index += 1) count();
  assert.deepEqual(seen, [1]);
  pass(100);
  assert.deepEqual(seen, [1, 50]);
  pass(1_000);
  assert.deepEqual(seen, [1, 50]);
  count();
  assert.deepEqual(seen, [1, 50, 51]);
});

test('who waits for it is told at once', t => {
  const { seen, count, paced, pass } = open(t);
  count();
  count();
  paced.hurry();
  assert.deepEqual(seen, [1, 2]);
  paced.hurry();
  pass(100);
  assert.deepEqual(seen, [1, 2]);
});

test('nobody is told after the last one left, and who comes again is', t => {
  const { seen, stop, count, paced, pass } = open(t);
  count();
  count();
  stop();
  pass(1_000);
  assert.deepEqual(seen, [1]);
  const stopAgain = paced.subscribe(() => seen.push(-1));
  count();
  assert.deepEqual(seen, [1, -1]);
  stopAgain();
});
