import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { LogEntry } from '../../../src/core/logs/log-entry.ts';
import { emptyRing, logLimit, pushLines } from '../../../src/core/logs/log-ring.ts';
import { createMatcher, findLines, findRanges } from '../../../src/core/logs/search.ts';
import { logStartMs, makeEntry } from './log-fixtures.ts';

test('batches in any disorder make one list in the order of time; of the same time, in the order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer({ min: 0, max: 30 }))), batches => {
      let id = 0;
      let ring = emptyRing;
      const all: LogEntry[] = [];
      for (const times of batches) {
        const batch = times.map(time => {
          id += 1;
          return makeEntry({ id, atMs: logStartMs + time });
        });
        all.push(...batch);
        ring = pushLines(ring, batch);
      }
      const expected = all.toSorted((a, b) => a.atMs - b.atMs).map(entry => entry.id);
      assert.deepEqual(
        ring.lines.map(entry => entry.id),
        expected,
      );
    }),
  );
});

test('it keeps the newest, in number and in size, and counts what it lets go', () => {
  const lines = Array.from({ length: logLimit + 500 }, (_, index) => makeEntry({ id: index }));
  const many = pushLines(emptyRing, lines, 7);
  assert.deepEqual([many.lines.length, many.droppedCount, many.lines[0]?.id], [logLimit, 507, 500]);
  const long = Array.from({ length: 1_000 }, (_, index) => makeEntry({ id: index, text: 'x'.repeat(4_000) }));
  const { lines: kept, chars } = pushLines(emptyRing, long);
  assert.deepEqual([kept.length, chars], [500, 2_000_000]);
});

test('words are found as they are written, upper and lower case alike, with their places', () => {
  assert.deepEqual(findRanges('Time out, TIME', 'time'), [
    { from: 0, to: 4 },
    { from: 10, to: 14 },
  ]);
  assert.deepEqual(findRanges('a.b axb [x', '[x'), [{ from: 8, to: 10 }]);
  assert.deepEqual(findRanges('a.b axb', 'a.b'), [{ from: 0, to: 3 }]);
  assert.deepEqual(findRanges('anything', '  '), []);
  const entries = [
    makeEntry({ id: 1, text: 'one' }),
    makeEntry({ id: 2, service: 'ner-service', text: 'two' }),
  ];
  assert.deepEqual(
    findLines(entries, 'NER').map(({ id }) => id),
    [2],
  );
  assert.equal(createMatcher('')(makeEntry({ id: 1 })), true);
});
