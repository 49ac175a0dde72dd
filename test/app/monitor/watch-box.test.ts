import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBoxLook } from '../../../src/app/monitor/watch-box.ts';
import type { MachineReading } from '../../../src/core/status/box-state.ts';
import type { EngineFacts } from '../../../src/ports/engine.ts';
import { createJumpingClock } from '../../helpers/clock.ts';

const machine: MachineReading = {
  totalMiB: 8_000,
  availableMiB: 4_000,
  swapTotalMiB: 0,
  swapFreeMiB: 0,
  swappedPages: undefined,
  load: [0, 0, 0],
};
const gib = 1024 ** 3;

test('disks are looked at once a minute, each once, with all that is on it', async t => {
  const clock = createJumpingClock();
  const asked: string[] = [];
  let engineAsked = 0;
  const look = createBoxLook(
    {
      host: {
        machine: async () => machine,
        disk: async folder => {
          asked.push(folder);
          return { mountPoint: '/', freeBytes: gib, totalBytes: 4 * gib };
        },
      },
      engine: {
        facts: async () => {
          engineAsked += 1;
          return { dataFolder: '/var/lib/docker' } as EngineFacts;
        },
      },
      folder: '/home/somebody/homeiq',
    },
    clock,
  );
  const first = await look(t.signal);
  assert.deepEqual(first?.kind === 'box' ? first.disks : undefined, [
    { mountPoint: '/', holds: ['this deployment', 'Docker'], freeMiB: 1024, totalMiB: 4096 },
  ]);
  for (let index = 0; index < 24; index += 1) {
    await clock.sleep(5_000);
    await look(t.signal);
  }
  assert.equal(asked.length, 2 * 3);
  assert.equal(engineAsked, 1, 'where Docker keeps its data does not change');
});

test('a machine that does not tell, an engine that does not answer', async t => {
  const clock = createJumpingClock();
  const engine = { facts: () => Promise.reject(new Error('gone')) };
  const silent = { machine: async () => undefined, disk: async () => undefined };
  assert.equal(await createBoxLook({ host: silent, engine, folder: '/f' }, clock)(t.signal), undefined);
  const host = { ...silent, machine: async () => machine };
  const seen = await createBoxLook({ host, engine, folder: '/f' }, clock)(t.signal);
  assert.deepEqual(seen?.kind === 'box' ? seen.disks : undefined, []);
});
