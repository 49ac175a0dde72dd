import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import { statusDocument } from '../../../src/ui/json/status-json.ts';
import { statusTable } from '../../../src/ui/plain/status-plain.ts';
import { goodContainers, makeContainer, makeStatus, startMs } from '../../core/status/status-fixtures.ts';
import { assertGolden } from '../golden.ts';
import { statusIn } from './status-states.ts';

process.env.TZ = 'UTC';

test('the table says for each service what the screen says, in plain words', async () => {
  assertGolden('plain-status', statusTable((await statusIn('broken')).status).join('\n'));
  assertGolden('plain-status-gone', statusTable((await statusIn('gone')).status).join('\n'));
});

test('the table is plain ASCII and has no trailing blanks', async () => {
  for (const name of ['broken', 'gone', 'stopped', 'production', 'connecting'] as const) {
    for (const text of statusTable((await statusIn(name)).status)) {
      assert.match(text, /^[\x20-\x7e]*$/);
      assert.equal(text, text.trimEnd());
    }
  }
});

test('the document has what a script needs, with the same verdict', () => {
  const containers = [
    ...goodContainers.map(each =>
      each.service === 'data-api'
        ? { ...each, state: 'exited' as const, exitCode: 137, wasKilledForMemory: true }
        : each,
    ),
    makeContainer('websocket-ingestion', { environment: { DEPLOYMENT_MODE: 'production' } }),
  ];
  const state = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers });
  const document = JSON.parse(JSON.stringify(statusDocument(state)));
  assert.deepEqual(
    [document.version, document.mode, document.verdict, document.healthy],
    [1, 'test', 'unhealthy', false],
  );
  assert.deepEqual(document.reasons, [
    'data-api ended with exit code 137, killed for memory',
    'websocket-ingestion runs in the wrong mode: production',
  ]);
  assert.deepEqual(
    document.services.find(({ name }: { name: string }) => name === 'data-api'),
    {
      name: 'data-api',
      group: 'core',
      state: 'exited',
      exitCode: 137,
      restarts: 0,
      killedForMemory: true,
      expectedMiB: 320,
      limitMiB: 640,
      container: 'homeiq-data-api-1',
    },
  );
  assert.deepEqual(document.memory, { usedMiB: 0, expectedMiB: 3264, budgetMiB: 8192 });
  assert.deepEqual(document.data, { bucket: 'home_assistant_events_test' });
});

test('figures are rounded and times are ISO 8601', async () => {
  const document = JSON.parse(JSON.stringify(statusDocument((await statusIn('healthy')).status)));
  assert.equal(document.healthy, true);
  assert.deepEqual(document.reasons, []);
  assert.match(document.at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  for (const { memoryMiB, cpuShare, since } of document.services) {
    assert.equal(memoryMiB, Math.round(memoryMiB * 10) / 10);
    assert.ok(cpuShare >= 0 && cpuShare <= 1);
    assert.match(since, /Z$/);
  }
  assert.equal(document.data.pointsPerMinute, 212);
});
