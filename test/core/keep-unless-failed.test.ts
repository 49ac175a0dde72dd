import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepUnlessFailed } from '../../src/core/keep-unless-failed.ts';

test('it is made once, again after a failure, and again when it is forgotten', async () => {
  const made: string[] = [];
  const { get, forget } = keepUnlessFailed(async (name: string) => {
    made.push(name);
    if (name === 'bad') throw new Error('not now');
    return name;
  });
  await assert.rejects(Promise.all([get('bad'), get('good')]), /not now/);
  assert.equal(await get('good'), 'good');
  assert.equal(await get('other'), 'good');
  forget();
  assert.equal(await get('last'), 'last');
  assert.deepEqual(made, ['bad', 'good', 'last']);
});
