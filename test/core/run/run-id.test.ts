import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeRunId } from '../../../src/core/run/run-id.ts';

const noon = new Date('2026-01-31T12:00:00.900Z');

describe('makeRunId', () => {
  it('begins with the time', () => {
    assert.equal(makeRunId(noon, [], 'aB_-9'), '20260131T120000Z-abxx9');
    assert.equal(makeRunId(noon, ['20260131T115958Z-abc', 'handmade'], 'r'), '20260131T120000Z-r');
  });

  it('sorts after every run before it, also within a second and after the clock was set back', () => {
    const ids: string[] = [];
    for (const at of ['12:00:00.100', '12:00:00.900', '11:00:00.000', '12:00:01.000', '12:30:00.000']) {
      ids.push(makeRunId(new Date(`2026-01-31T${at}Z`), ids.toReversed(), 'random'));
    }
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(ids.at(-1), '20260131T123000Z-random');
  });
});
