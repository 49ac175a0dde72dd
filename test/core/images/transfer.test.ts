import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  completeLayers,
  describePull,
  type Layers,
  type PullLine,
  reducePull,
  transferOf,
  transferOfAll,
  waitingLayers,
} from '../../../src/core/images/transfer.ts';

const base = 'aaaaaaaaaaaa';
const own = 'bbbbbbbbbbbb';
const fold = (lines: readonly PullLine[], start: Layers = new Map()): Layers =>
  lines.reduce(reducePull, start);
const downloading = (id: string, current: number, total: number): PullLine => ({
  id,
  status: 'Downloading',
  progressDetail: { current, total },
});

test('without a manifest the total is told once every layer has told its size', () => {
  const begun = fold([
    { id: '2.9', status: 'Pulling from library/influxdb' },
    { id: base, status: 'Pulling fs layer' },
    { id: own, status: 'Pulling fs layer' },
    downloading(base, 40, 100),
  ]);
  assert.deepEqual(transferOf(begun), { currentBytes: 40 });
  const known = fold([downloading(own, 1, 20), { id: base, status: 'Extracting' }], begun);
  assert.deepEqual(transferOf(known), { currentBytes: 101, totalBytes: 120 });
});

test('bytes never go back: not while it unpacks, not when a layer is asked for again', () => {
  const half = fold([downloading(base, 60, 100)]);
  for (const line of [
    { id: base, status: 'Retrying in 4 seconds' },
    downloading(base, 5, 100),
    { id: base, status: 'Verifying Checksum' },
  ]) {
    assert.equal(transferOf(reducePull(half, line)).currentBytes, 60, line.status);
  }
  const unpacking = { id: base, status: 'Extracting', progressDetail: { current: 3, total: 100 } };
  assert.equal(transferOf(reducePull(half, unpacking)).currentBytes, 100);
});

test('with a manifest the total stands from the start, and what is here already counts as come', () => {
  const waiting = waitingLayers(
    new Map([
      [base, 100],
      [own, 20],
    ]),
  );
  assert.deepEqual(transferOf(waiting), { currentBytes: 0, totalBytes: 120 });
  const here = reducePull(waiting, { id: base, status: 'Already exists' });
  assert.deepEqual(transferOf(here), { currentBytes: 100, totalBytes: 120 });
  assert.deepEqual(transferOf(completeLayers(here)), { currentBytes: 120, totalBytes: 120 });
});

test('what images share counts once, and there is no total while one is not known', () => {
  const first = fold([downloading(base, 70, 100), downloading(own, 20, 20)]);
  const second = fold([downloading(base, 30, 100), downloading('cccccccccccc', 5, 50)]);
  assert.deepEqual(transferOfAll([first, second]), { currentBytes: 95, totalBytes: 170 });
  assert.deepEqual(transferOfAll([first, new Map()]), { currentBytes: 90 });
});

test('what it does besides downloading', () => {
  const all = fold([{ id: base, status: 'Download complete' }, downloading(own, 1, 2)]);
  assert.equal(describePull(all, downloading(own, 1, 2)), undefined);
  const come = reducePull(all, { id: own, status: 'Download complete' });
  assert.equal(describePull(come, { id: own, status: 'Extracting' }), 'unpacking');
  assert.match(describePull(all, { id: own, status: 'Retrying in 5 seconds' }) ?? '', /broke off/);
});
