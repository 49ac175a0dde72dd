/** A mini-PC as most operators have it. */

import type { Host, HostFacts } from '../../ports/host.ts';
import { rehearsalMemoryMiB } from './rehearsal-engine.ts';

/** `timeZone` is the real one, so that the settings show what they would. */
export const createRehearsalHost = (timeZone: string): Host => ({
  facts: async (): Promise<HostFacts> => ({
    hostname: 'rehearsal',
    system: 'Debian 12',
    architecture: 'x86-64',
    cores: 4,
    memoryMiB: rehearsalMemoryMiB,
    availableMiB: 7300,
    swapMiB: 1024,
    diskFreeMiB: 61 * 1024,
    timeZone,
    dockerGroupId: 0,
    addresses: ['127.0.0.1'],
  }),
  machine: async () => ({
    totalMiB: rehearsalMemoryMiB,
    availableMiB: 2_650,
    swapTotalMiB: 1_024,
    swapFreeMiB: 980,
    swappedPages: 4_096,
    load: [0.42, 0.38, 0.31],
  }),
  disk: async () => ({ mountPoint: '/', freeBytes: 61 * 1024 ** 3, totalBytes: 118 * 1024 ** 3 }),
  portsInUse: async () => [],
});
