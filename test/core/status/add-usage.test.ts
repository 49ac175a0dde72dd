import assert from 'node:assert/strict';
import test from 'node:test';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';
import { engineEvent, goodContainers, makeContainer, makeStatus, startMs } from './status-fixtures.ts';

const usageOf = (memoryMiB: number, seconds: number, oomKillCount?: number) => ({
  memoryMiB,
  cpuNs: seconds * 1e8,
  sampledAtMs: startMs + seconds * 1_000,
  oomKillCount,
});
const sample = (
  state: StatusState,
  seconds: number,
  samples: Readonly<Record<string, ReturnType<typeof usageOf>>>,
  askable?: readonly string[],
): StatusState =>
  reduceStatus(state, {
    kind: 'usage',
    atMs: startMs + seconds * 1_000,
    samples: new Map(Object.entries(samples).map(([name, usage]) => [`id-${name}`, usage])),
    askable: askable === undefined ? undefined : new Set(askable.map(name => `id-${name}`)),
  });
const listed = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers: goodContainers });
const memoryOf = (state: StatusState, name: string) =>
  state.services.find(service => service.name === name)?.usage?.memoryMiB;
const kills = (state: StatusState) =>
  state.events.flatMap(({ service, what }) => (what.kind === 'out-of-memory' ? [service] : []));

test('what was not asked keeps its figures; what was asked and gave none, or ended, loses them', () => {
  const first = sample(listed, 0, { influxdb: usageOf(500, 0), 'data-api': usageOf(100, 0) });
  const second = sample(first, 2, { 'data-api': usageOf(120, 2) }, ['data-api']);
  assert.deepEqual([memoryOf(second, 'influxdb'), memoryOf(second, 'data-api')], [500, 120]);
  assert.equal(second.totals.memoryMiB, 620);
  const third = sample(second, 4, {}, ['data-api']);
  assert.deepEqual([memoryOf(third, 'influxdb'), memoryOf(third, 'data-api')], [500, undefined]);
  const stopped = reduceStatus(third, {
    kind: 'listed',
    atMs: startMs + 5_000,
    containers: goodContainers.map(container =>
      container.service === 'influxdb'
        ? makeContainer('influxdb', { state: 'exited', exitCode: 0 })
        : container,
    ),
  });
  assert.equal(memoryOf(sample(stopped, 6, {}, ['data-api']), 'influxdb'), undefined);
});

test('a process killed for memory without an event is told by the kernel’s count, once, and named', () => {
  const first = sample(listed, 0, { 'data-api': usageOf(100, 0, 2) });
  assert.deepEqual(kills(first), [], 'what was before is no news');
  const second = sample(first, 2, { 'data-api': usageOf(10, 2, 3) });
  assert.deepEqual(kills(second), ['data-api']);
  assert.equal(second.services.find(({ name }) => name === 'data-api')?.oomKillCount, 3);
  assert.deepEqual(kills(sample(second, 4, { 'data-api': usageOf(10, 4, 3) })), ['data-api']);
});

test('a kill that the engine told is not told again, and a count that begins anew is no kill', () => {
  const first = sample(listed, 0, { 'data-api': usageOf(100, 0, 1) });
  const told = reduceStatus(first, engineEvent(startMs + 1_000, 'oom'));
  const second = sample(told, 2, { 'data-api': usageOf(10, 2, 2) });
  assert.deepEqual(kills(second), ['data-api']);
  assert.deepEqual(kills(sample(second, 4, { 'data-api': usageOf(10, 4, 0) })), ['data-api']);
});
