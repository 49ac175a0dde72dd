import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  bucketCount,
  bucketOf,
  mergeHistograms,
  quantileMiB,
  totalSeconds,
} from '../../../src/core/memory/memory-histogram.ts';
import {
  addToHistory,
  coveredSeconds,
  figuresOf,
  lookAtMemory,
  type MemoryLook,
  mergeServiceMemory,
  noHistory,
  type ServiceMemory,
} from '../../../src/core/memory/memory-history.ts';
import { formatMemoryHistory, parseMemoryHistory } from '../../../src/core/memory/memory-history-text.ts';

const minuteMs = 60_000;
const daySeconds = 86_400;

const look = (memoryMiB: number, atMs: number, seconds: number, more: Partial<MemoryLook> = {}) =>
  lookAtMemory({
    imageId: 'sha256:a',
    limitMiB: 512,
    memoryMiB,
    kernelPeakMiB: undefined,
    atMs,
    seconds,
    ...more,
  });

const merged = (...looks: readonly ServiceMemory[]): ServiceMemory => {
  const [first, ...others] = looks;
  assert.ok(first);
  return others.reduce((sum, next) => mergeServiceMemory(sum, next), first);
};

const covered = (memory: ServiceMemory): number => totalSeconds(memory.histogram);

describe('the histogram', () => {
  const sizes = fc.array(fc.double({ min: 1, max: 65_536, noNaN: true }), { minLength: 1, maxLength: 400 });

  it('gives figures at most 2 % off the true ones, in a bounded number of buckets', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(0.5, 0.95, 1), (memories, share) => {
        const histogram = memories
          .map(memoryMiB => new Map([[bucketOf(memoryMiB), 1]]))
          .reduce<ReadonlyMap<number, number>>(mergeHistograms, new Map());
        const sorted = memories.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
        const figure = quantileMiB(histogram, share) ?? 0;
        assert.ok(Math.abs(figure / exact - 1) <= 0.02, `${figure} for ${exact}`);
        assert.ok(histogram.size <= bucketCount);
      }),
    );
  });

  it('weighs by time: a second at a peak is not a day', () => {
    const histogram = new Map([
      [bucketOf(100), daySeconds],
      [bucketOf(900), 1],
    ]);
    assert.ok((quantileMiB(histogram, 0.95) ?? 0) < 103);
    assert.equal(quantileMiB(new Map(), 0.5), undefined);
  });

  it('takes what is outside its range as the first or the last bucket', () => {
    assert.deepEqual([0, -1, 1, 1e9].map(bucketOf), [0, 0, 0, bucketCount - 1]);
  });
});

describe('the history of a service', () => {
  it('adds up looks and keeps the highest', () => {
    const memory = merged(
      look(100, minuteMs, 60),
      look(180, 2 * minuteMs, 60, { kernelPeakMiB: 300 }),
      look(100, 3 * minuteMs, 60),
    );
    const figures = figuresOf(memory);
    assert.equal(figures?.coveredSeconds, 180);
    assert.equal(figures?.sinceMs, 0);
    assert.equal(figures?.peakMiB, 180);
    assert.equal(figures?.kernelPeakMiB, 300);
    assert.ok(Math.abs((figures?.medianMiB ?? 0) / 100 - 1) <= 0.02);
  });

  it('starts afresh with another image and with another limit', () => {
    const before = look(400, minuteMs, 60);
    for (const change of [{ imageId: 'sha256:b' }, { limitMiB: 256 }, { limitMiB: undefined }]) {
      const after = merged(before, look(90, 2 * minuteMs, 60, change));
      assert.equal(covered(after), 60);
      assert.equal(after.peakMiB, 90);
    }
  });

  it('does not count the time twice that two have watched at once', () => {
    const oneScreen = look(100, 10 * minuteMs, 600);
    const both = merged(oneScreen, look(100, 10 * minuteMs + 5000, 600));
    assert.ok(Math.abs(covered(both) - 605) < 0.01, `${covered(both)} s`);
    assert.equal(covered(merged(oneScreen, oneScreen)), 600);
  });

  it('goes on after the clock was set back', () => {
    const after = merged(look(100, 1e9, 60), look(100, minuteMs, 60), look(100, 2 * minuteMs, 60));
    assert.equal(covered(after), 180);
  });

  it('lets what is long ago fade: never more than 14 days, and the new soon outweighs the old', () => {
    const days = (from: number, count: number, memoryMiB: number) =>
      Array.from({ length: count }, (_, index) =>
        look(memoryMiB, (from + index + 1) * daySeconds * 1000, daySeconds),
      );
    const memory = merged(...days(0, 40, 100), ...days(40, 14, 200));
    assert.ok(covered(memory) <= 14 * daySeconds);
    assert.ok((figuresOf(memory)?.medianMiB ?? 0) > 190);
  });

  it('covers the time since the look before, but not what nobody saw', () => {
    const at = { atMs: 100_000, mostSeconds: 30, startedAtMs: 0 };
    assert.equal(coveredSeconds({ ...at, lastAtMs: 98_000 }), 2);
    assert.equal(coveredSeconds({ ...at, lastAtMs: 10_000 }), 30);
    assert.equal(coveredSeconds({ ...at, lastAtMs: 90_000, startedAtMs: 95_000 }), 5);
    assert.equal(coveredSeconds({ ...at, lastAtMs: undefined }), 1);
    assert.equal(coveredSeconds({ ...at, lastAtMs: 200_000 }), 1);
  });

  it('forgets what was not seen for 90 days, and keeps the modes apart', () => {
    const old = addToHistory(noHistory, 'test', new Map([['gone', look(9, 0, 1)]]), 0);
    const now = 91 * daySeconds * 1000;
    const history = addToHistory(old, 'production', new Map([['here', look(9, now, 1)]]), now);
    assert.deepEqual([...history.test.keys()], []);
    assert.deepEqual([...history.production.keys()], ['here']);
  });
});

describe('the text of a history', () => {
  const history = addToHistory(
    noHistory,
    'test',
    new Map([
      ['influxdb', merged(look(250, minuteMs, 60, { kernelPeakMiB: 512 }), look(260, 2 * minuteMs, 60))],
      ['__proto__', look(20, minuteMs, 60, { limitMiB: undefined })],
    ]),
    2 * minuteMs,
  );

  it('comes back as it was', () => {
    const parsed = parseMemoryHistory(formatMemoryHistory(history));
    assert.deepEqual(parsed, { kind: 'history', history });
  });

  it('stays small: a hundred services with every bucket filled are under a megabyte', () => {
    const full = new Map(Array.from({ length: bucketCount }, (_, bucket) => [bucket, 12_345.6]));
    const services = Array.from(
      { length: 100 },
      (_, index) => [`service-${index}`, { ...look(1, 0, 1), histogram: full }] as const,
    );
    const text = formatMemoryHistory({ ...noHistory, test: new Map(services) });
    assert.ok(text.length < 1024 * 1024, `${text.length} bytes`);
  });

  it('is damaged, never a crash, whatever stands there', () => {
    const good = JSON.parse(formatMemoryHistory(history));
    const influxdb = good.services.test.influxdb;
    const withService = (change: object): string =>
      JSON.stringify({ ...good, services: { test: { influxdb: { ...influxdb, ...change } } } });
    const texts = [
      '',
      'null',
      '[]',
      '{}',
      '{"formatVersion":"1","services":{}}',
      '{"formatVersion":1}',
      `${'['.repeat(1e5)}`,
      withService({ buckets: [[0.5, 1]] }),
      withService({ buckets: [[bucketCount, 1]] }),
      withService({ buckets: [[3, -1]] }),
      withService({
        buckets: [
          [3, 1],
          [3, 1],
        ],
      }),
      withService({ buckets: 'many' }),
      withService({ peakMiB: null }),
      withService({ peakMiB: 1e300 }),
      withService({ lastAtMs: 'now' }),
      withService({ imageId: 7 }),
      withService({ imageId: 'x'.repeat(201) }),
    ];
    for (const text of texts)
      assert.deepEqual(parseMemoryHistory(text), { kind: 'damaged' }, text.slice(0, 80));
    assert.deepEqual(parseMemoryHistory('{"formatVersion":2}'), { kind: 'newer' });
    fc.assert(fc.property(fc.json(), text => assert.notEqual(parseMemoryHistory(text).kind, 'history')));
  });
});
