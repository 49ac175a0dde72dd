import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeBox, listKills, otherMiB } from '../../../src/core/status/box.ts';
import { addReading, type DiskSight, type MachineReading } from '../../../src/core/status/box-state.ts';
import { reduceStatus, type StatusInput } from '../../../src/core/status/reduce-status.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';
import { engineEvent, goodContainers, makeStatus, startMs } from './status-fixtures.ts';

const roomy: MachineReading = {
  totalMiB: 8_000,
  availableMiB: 2_000,
  swapTotalMiB: 1_000,
  swapFreeMiB: 900,
  swappedPages: 1_000,
  load: [0.1, 0.2, 0.3],
};
const disk = (freeMiB: number): DiskSight => ({
  mountPoint: '/',
  holds: ['this deployment', 'Docker'],
  freeMiB,
  totalMiB: 100_000,
});

const see = (...inputs: readonly StatusInput[]): StatusState =>
  [{ kind: 'listed', atMs: startMs, containers: goodContainers } as const, ...inputs].reduce<StatusState>(
    reduceStatus,
    makeStatus(),
  );
const box = (
  machine: Partial<MachineReading>,
  disks: readonly DiskSight[] = [disk(50_000)],
  atMs = startMs,
): StatusInput => ({ kind: 'box', atMs, machine: { ...roomy, ...machine }, disks });
const usage = (service: string, memoryMiB: number): StatusInput => ({
  kind: 'usage',
  atMs: startMs,
  samples: new Map([[`id-${service}`, { memoryMiB, cpuNs: 1, sampledAtMs: startMs }]]),
});
const words = (state: StatusState): readonly string[] =>
  judgeBox(state).map(({ level, text }) => `${level}: ${text}`);

describe('before it gets tight', () => {
  it('nothing is said while there is room', () => {
    assert.deepEqual(words(see(box({}))), []);
    assert.deepEqual(words(see()), []);
  });

  it('memory: close below a tenth, tight below a twentieth, with who uses most', () => {
    assert.deepEqual(words(see(box({ availableMiB: 801 }))), []);
    assert.deepEqual(words(see(usage('influxdb', 1_500), box({ availableMiB: 799 }))), [
      'close: memory gets tight: 799 MB of 7.8 GB left; influxdb uses most, 1.5 GB',
    ]);
    assert.match(words(see(box({ availableMiB: 399 })))[0] ?? '', /^tight: memory gets tight: 399 MB/);
  });

  it('disk: close below 4 GiB, tight below 1 GiB, with what is on it', () => {
    assert.deepEqual(words(see(box({}, [disk(4_097)]))), []);
    assert.deepEqual(words(see(box({}, [disk(4_000)]))), [
      'close: the disk of this deployment and Docker (/) gets full: 3.9 GB left',
    ]);
    assert.match(words(see(box({}, [disk(1_000)])))[0] ?? '', /^tight: the disk/);
  });

  it('swap: said when it is nearly full, and when much of it moves; not when it merely holds something', () => {
    assert.deepEqual(words(see(box({ swapFreeMiB: 200 }))), []);
    assert.deepEqual(words(see(box({ swapFreeMiB: 90 }))), ['tight: swap is nearly full: 90 MB left']);
    const moving = see(box({}), box({ swappedPages: 1_000 + 5 * 512 }, undefined, startMs + 5_000));
    assert.deepEqual(words(moving), ['close: the machine swaps 2 MB a second: memory is short']);
    assert.deepEqual(words(see(box({}), box({ swappedPages: 5 }, undefined, startMs + 5_000))), []);
    assert.deepEqual(words(see(box({ swapTotalMiB: 0, swapFreeMiB: 0 }))), []);
  });

  it('a service close to its limit is named', () => {
    assert.deepEqual(words(see(usage('data-api', 610))), [
      'close: data-api is close to its limit: 610 MB of 640 MB',
    ]);
  });
});

describe('killed for memory', () => {
  const dead = goodContainers.map(each =>
    each.service === 'data-api'
      ? { ...each, state: 'exited' as const, exitCode: 137, wasKilledForMemory: true }
      : each,
  );

  it('is told with service, limit and time, once for one death, and worst first', () => {
    const state = see(
      box({ availableMiB: 700 }),
      engineEvent(startMs + 1_000, 'oom'),
      engineEvent(startMs + 1_200, 'die', 137),
      { kind: 'listed', atMs: startMs + 1_300, containers: dead },
    );
    assert.deepEqual(listKills(state), [{ service: 'data-api', atMs: startMs + 1_200, limitMiB: 640 }]);
    assert.match(words(state)[0] ?? '', /^tight: data-api was killed for memory at its limit of 640 MB$/);
    const later = reduceStatus(state, { kind: 'tick', atMs: startMs + 3_700_000 });
    assert.equal(
      judgeBox(later).some(({ about }) => about === 'kill'),
      false,
      'an hour later it is history',
    );
    assert.equal(listKills(later).length, 1);
  });

  it('by the exit of a container that says so, and one that was dead before anybody looked', () => {
    const told = see(engineEvent(startMs + 500, 'die', 137), {
      kind: 'listed',
      atMs: startMs + 600,
      containers: dead,
    });
    assert.deepEqual(listKills(told), [{ service: 'data-api', atMs: startMs + 500, limitMiB: 640 }]);
    const before = see({ kind: 'listed', atMs: startMs, containers: dead });
    assert.deepEqual(listKills(before), [{ service: 'data-api', atMs: undefined, limitMiB: 640 }]);
    assert.deepEqual(listKills(see(engineEvent(startMs, 'die', 137))), []);
  });
});

it('what the stack and everything else take adds up to what is not available', () => {
  const state = addReading(undefined, roomy, undefined, startMs);
  assert.equal(otherMiB(state, 4_000), 2_000);
  assert.equal(otherMiB(state, 7_000), 0);
  assert.deepEqual(addReading(state, roomy, undefined, startMs).history, [2_000, 2_000]);
});
