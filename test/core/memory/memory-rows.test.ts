import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryRows } from '../../../src/core/memory/memory-rows.ts';
import { planFixture } from '../../ui/wizard-fixture.ts';

const { memory } = planFixture('test');

test('closed groups are one row each, an open one shows its services below it', () => {
  assert.deepEqual(
    memoryRows(memory, []).map(row => row.id),
    ['group:infrastructure', 'group:ai', 'group:core', 'group:test'],
  );
  assert.deepEqual(
    memoryRows(memory, ['test']).map(row => row.id),
    [
      'group:infrastructure',
      'group:ai',
      'group:core',
      'group:test',
      'home-assistant-test',
      'websocket-ingestion-test',
    ],
  );
});
