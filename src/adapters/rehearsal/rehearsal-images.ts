/** A registry in this process that has every image. Bytes and layers are made up from the image's name. */

import {
  completeLayers,
  type Layers,
  type PullLine,
  reducePull,
  waitingLayers,
} from '../../core/images/transfer.ts';
import type { Clock } from '../../ports/host.ts';
import type { Images } from '../../ports/images.ts';
import type { RehearsalEngine } from './rehearsal-engine.ts';
import { steadyFraction } from './rehearsal-usage.ts';
import { digest } from './rehearsal-world.ts';

const sharedLayer = ['3f8a1c0de001', 46_000_000] as const;
const pieces = 4;
const pieceMs = 60;
const idLength = 12;
/** As the rehearsed machine says of its disk. */
const freeBytes = 61 * 1024 ** 3;

const sizesOf = (reference: string): ReadonlyMap<string, number> =>
  new Map([
    sharedLayer,
    [digest(reference).slice(0, idLength), Math.round(20e6 + steadyFraction(reference) * 160e6)],
  ]);

export function createRehearsalImages(options: {
  readonly rehearsal: RehearsalEngine;
  readonly clock: Clock;
}): Images {
  const { clock, rehearsal } = options;
  return {
    layerSizes: async reference => sizesOf(reference),
    references: async () => [],
    disk: async () => ({ folder: '/var/lib/docker', mountPoint: '/', freeBytes }),
    pull: async (reference, known, { signal, onProgress } = {}) => {
      const sizes = known ?? sizesOf(reference);
      let layers: Layers = waitingLayers(sizes);
      for (let piece = 1; piece <= pieces; piece += 1) {
        await clock.sleep(pieceMs, signal);
        for (const [id, total] of sizes) {
          const progressDetail = { current: Math.round((total * piece) / pieces), total };
          const line: PullLine = { id, status: 'Downloading', progressDetail };
          layers = reducePull(layers, line);
        }
        onProgress?.({ layers, note: undefined });
      }
      rehearsal.control.addImage(reference);
      onProgress?.({ layers: completeLayers(layers), note: undefined });
    },
  };
}
