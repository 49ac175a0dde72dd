import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock, createRandom } from '../../../src/adapters/host/clock.ts';

test('a sleep that is aborted rejects with the signal’s reason', async () => {
  const controller = new AbortController();
  const asleep = createClock().sleep(60_000, controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(asleep, error => error === reason);
});

test('a sleep ends, and now is now', async () => {
  const clock = createClock();
  const before = clock.now().getTime();
  await clock.sleep(1);
  assert.ok(clock.now().getTime() >= before);
});

test('secrets are long enough, in the alphabet that needs no quoting, and never the same', () => {
  const random = createRandom();
  const secrets = Array.from({ length: 100 }, () => random.secret(32));
  assert.equal(new Set(secrets).size, 100);
  for (const secret of secrets) assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
});
