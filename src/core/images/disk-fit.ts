/** Whether images that are to be pulled can fit on the engine's disk. */

import { parseReference } from './reference.ts';

export type ImageToFit = {
  readonly reference: string;
  /** Undefined: the registry did not say. */
  readonly layerSizes: ReadonlyMap<string, number> | undefined;
};

/** Unpacked, images of programs take about three times what travels; the archive is there until it is unpacked. */
const unpackedShare = 3;

export type DiskFit = {
  /** At the very least; 0 when nothing is known. */
  readonly neededBytes: number;
  /** About as much when everything is unpacked. */
  readonly expectedBytes: number;
  readonly kind: 'fits' | 'tight' | 'too-small';
};

/**
 * Counts every layer once. An image whose repository has another version here is left out: most of its layers may be
 * here already, and refusing wrongly is worse than an error of the engine.
 */
export function fitDisk(
  images: readonly ImageToFit[],
  here: readonly string[],
  freeBytes: number | undefined,
): DiskFit {
  const repositories = new Set(here.map(reference => parseReference(reference).name));
  const layers = new Map<string, number>();
  for (const { reference, layerSizes } of images) {
    if (repositories.has(parseReference(reference).name)) continue;
    for (const [id, bytes] of layerSizes ?? []) layers.set(id, bytes);
  }
  const neededBytes = [...layers.values()].reduce((sum, bytes) => sum + bytes, 0);
  const expectedBytes = neededBytes * unpackedShare;
  const isTooSmall = freeBytes !== undefined && freeBytes < neededBytes;
  const isTight = freeBytes !== undefined && freeBytes < expectedBytes;
  return { neededBytes, expectedBytes, kind: isTooSmall ? 'too-small' : isTight ? 'tight' : 'fits' };
}
