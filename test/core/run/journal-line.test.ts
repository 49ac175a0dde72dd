import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatJournalLine, parseJournalLine } from '../../../src/core/run/journal-line.ts';

const base = { v: 1, seq: 1, at: '2026-01-02T03:04:05.678Z' } as const;

test('an event reads back as it was written', () => {
  const event = { ...base, kind: 'step-detail', step: 'images', text: 'tab\t"quote"\n' } as const;
  assert.equal(formatJournalLine(event).split('\n').length, 2);
  assert.deepEqual(parseJournalLine(formatJournalLine(event).trimEnd()), { kind: 'event', event });
});

test('a kind that this version does not know is passed over', () => {
  assert.deepEqual(parseJournalLine(JSON.stringify({ ...base, kind: 'later' })), { kind: 'unknown' });
});

test('what is no event is named', () => {
  const reason = (value: unknown): string => {
    const line = parseJournalLine(typeof value === 'string' ? value : JSON.stringify(value));
    return line.kind === 'unreadable' ? line.reason : line.kind;
  };
  assert.match(reason('{"v":1'), /not JSON/);
  assert.match(reason('[]'), /not an event/);
  assert.match(reason('null'), /not an event/);
  assert.match(reason({ ...base, v: 2, kind: 'run-finished' }), /newer homeiq/);
  assert.match(reason({ ...base, seq: '1', kind: 'run-finished' }), /not an event/);
  assert.match(reason({ ...base, kind: 'run-finished', outcome: 'done' }), /run-finished lacks/);
  assert.match(reason({ ...base, kind: 'run-started', runId: 'a', pid: 1, plan: {} }), /run-started lacks/);
  assert.match(
    reason({ ...base, kind: 'run-started', runId: 'a', pid: 1, plan: { steps: [1], services: [] } }),
    /run-started lacks/,
  );
  assert.match(reason({ ...base, kind: 'rollback-started', plan: {} }), /rollback-started lacks/);
  assert.match(reason({ ...base, kind: 'toString' }), /unknown/);
});

test('whatever stands in a line, an answer comes', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), text => {
      assert.ok(['event', 'unknown', 'unreadable'].includes(parseJournalLine(text).kind));
    }),
    { numRuns: 2000 },
  );
  assert.equal(parseJournalLine('['.repeat(1_000_000)).kind, 'unreadable');
});
