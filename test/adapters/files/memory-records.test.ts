import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMemoryRecords } from '../../../src/adapters/files/memory-records.ts';
import { UserError } from '../../../src/core/error.ts';
import { addToHistory, lookAtMemory } from '../../../src/core/memory/memory-history.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const look = lookAtMemory({
  imageId: 'sha256:a',
  limitMiB: undefined,
  memoryMiB: 100,
  kernelPeakMiB: 140,
  atMs: 60_000,
  seconds: 60,
});
const add = (history: Parameters<typeof addToHistory>[0]) =>
  addToHistory(history, 'test', new Map([['influxdb', look]]), 60_000);

async function openRecords(t: TestContext) {
  const folder = temporaryFolder(t);
  await mkdir(join(folder, '.homeiq'));
  const records = createMemoryRecords(folder, () => new Date('2026-01-02T03:04:05.678Z'));
  return { folder, records };
}

test('what is measured is kept, for its owner alone; nothing there is an empty history', async t => {
  const { records } = await openRecords(t);
  assert.equal((await records.read()).test.size, 0);
  const { keptAside } = await records.update(add);
  assert.equal(keptAside, undefined);
  assert.deepEqual((await records.read()).test.get('influxdb'), look);
  assert.equal((await stat(records.path)).mode & 0o777, 0o600);
});

test('a damaged file is named, kept aside by the next measurement, and a new one is begun', async t => {
  const { folder, records } = await openRecords(t);
  const damaged = Buffer.from([0x7b, 0xff, 0x00]);
  await writeFile(records.path, damaged);
  await assert.rejects(
    records.read(),
    thrown => thrown instanceof UserError && thrown.message === `${records.path} is damaged`,
  );
  const { keptAside } = await records.update(add);
  assert.equal(keptAside, `${records.path}.damaged-2026-01-02T03-04-05-678Z`);
  assert.deepEqual(await readFile(keptAside), damaged);
  assert.equal((await records.read()).test.size, 1);
  assert.equal((await readdir(join(folder, '.homeiq'))).length, 2);
});

test('a file of a newer program is refused and stays', async t => {
  const { records } = await openRecords(t);
  await writeFile(records.path, '{"formatVersion":2}');
  await assert.rejects(records.read(), /memory\.json was written by a newer homeiq/);
  await assert.rejects(records.update(add), /newer homeiq/);
  assert.equal(await readFile(records.path, 'utf8'), '{"formatVersion":2}');
});

test('estimates count with the expected figures until something else is chosen', async t => {
  const { folder, records } = await openRecords(t);
  assert.equal(await records.readBasis(), 'expected');
  await records.writeBasis('measured');
  assert.equal(await records.readBasis(), 'measured');
  await writeFile(join(folder, '.homeiq', 'estimates.json'), '{"use":"hope"}');
  await assert.rejects(records.readBasis(), /estimates\.json is damaged/);
});

test('a folder that was deleted is not made again by a measurement', async t => {
  const folder = temporaryFolder(t);
  await assert.rejects(createMemoryRecords(folder).update(add));
  assert.deepEqual(await readdir(folder), []);
});
