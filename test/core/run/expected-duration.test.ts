import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedDurationMs } from '../../../src/core/run/expected-duration.ts';

test('the expected duration is the median of runs of the same kind', () => {
  const runs = [40_000, 10_000, 900_000].map(durationMs => ({ kind: 'switch', durationMs }));
  assert.equal(expectedDurationMs([...runs, { kind: 'stop', durationMs: 1 }], 'switch'), 40_000);
  assert.equal(expectedDurationMs(runs.slice(0, 2), 'switch'), 25_000);
  assert.equal(expectedDurationMs(runs, 'setup'), undefined);
});
