import assert from 'node:assert/strict';
import test from 'node:test';
import { createMemoryFeed } from '../../../src/app/monitor/memory-feed.ts';
import { figuresOf, type MemoryHistory, noHistory } from '../../../src/core/memory/memory-history.ts';
import type { MemoryRecords } from '../../../src/ports/memory-records.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

/** A file that is only counted. */
function countWrites(fail: () => boolean = () => false) {
  const file = { history: noHistory as MemoryHistory, writes: 0 };
  const update: MemoryRecords['update'] = async change => {
    file.writes += 1;
    if (fail()) throw new Error('The disk is full');
    file.history = change(file.history);
    return { history: file.history, keptAside: undefined };
  };
  return { file, records: { update } };
}

async function feedFrom(fail?: () => boolean) {
  const deployment = await createRehearsedDeployment();
  const { file, records } = countWrites(fail);
  const peakOf = async (asked: readonly { readonly id: string }[]) =>
    new Map(asked.map(({ id }) => [id, 7777] as const));
  const { engine, clock } = deployment;
  const memoryFeed = createMemoryFeed({
    mode: 'test',
    engine: { ...engine, memoryPeaks: peakOf },
    records,
    clock,
  });
  return { deployment, file, watched: deployment.watch({ memoryFeed }) };
}

test('what the screen samples is written at most once a minute, and at the end', async () => {
  const { deployment, file, watched } = await feedFrom();
  await deployment.clock.advance(10 * 60_000 + 10_000);
  assert.ok(file.writes >= 8 && file.writes <= 10, `${file.writes} writes in ten minutes`);
  const before = file.writes;
  deployment.end();
  await watched.monitor.ended;
  assert.equal(file.writes, before + 1);

  const memory = file.history.test.get('influxdb');
  const figures = memory === undefined ? undefined : figuresOf(memory);
  assert.ok(figures);
  assert.ok(figures.coveredSeconds > 590 && figures.coveredSeconds <= 610, `${figures.coveredSeconds} s`);
  assert.ok(figures.medianMiB <= figures.p95MiB && figures.p95MiB <= figures.peakMiB);
  assert.equal(figures.kernelPeakMiB, 7777);
  const shown = watched.monitor.store.get().services.find(({ name }) => name === 'influxdb')?.usage;
  assert.ok(Math.abs((shown?.memoryMiB ?? 0) / figures.medianMiB - 1) < 0.1);
  assert.equal(file.history.production.size, 0);
});

test('a service is measured only while it is up, and a stand-in never', async () => {
  const { deployment, file, watched } = await feedFrom();
  await deployment.clock.advance(1_000);
  assert.ok(watched.monitor.store.get().services.some(({ state }) => state.kind === 'starting'));
  await deployment.engine.stop(await deployment.idOf('data-api'));
  await deployment.clock.advance(70_000);
  deployment.end();
  await watched.monitor.ended;
  assert.ok(file.history.test.has('influxdb'));
  assert.equal(file.history.test.has('data-api'), false);
  for (const { name, role } of watched.monitor.store.get().services) {
    if (role.kind !== 'wanted') assert.equal(file.history.test.has(name), false, name);
  }
});

test('a file that cannot be written does no harm to the screen, and the next minute is kept again', async () => {
  let isFull = true;
  const { deployment, file, watched } = await feedFrom(() => isFull);
  await deployment.clock.advance(90_000);
  assert.equal(file.writes, 1);
  assert.equal(watched.monitor.store.get().engine.kind, 'answering');
  isFull = false;
  await deployment.clock.advance(60_000);
  assert.ok(file.history.test.has('influxdb'));
  deployment.end();
  await watched.monitor.ended;
});
