/** What the services of this machine were seen to use, by mode: what a recalibration of the estimates is made of. */

import type { Mode } from '../mode/mode.ts';
import {
  bucketOf,
  type MemoryHistogram,
  mergeHistograms,
  quantileMiB,
  scaleHistogram,
  totalSeconds,
} from './memory-histogram.ts';

export type ServiceMemory = {
  /** What the figures are of: those of another image or of another limit say nothing of this one. */
  readonly imageId: string;
  readonly limitMiB: number | undefined;
  /** The beginning and the end of what is covered; there may be gaps in it. */
  readonly sinceMs: number;
  readonly lastAtMs: number;
  readonly histogram: MemoryHistogram;
  /** The highest that a look has seen: without page cache that can be dropped, as `docker stats` shows it. */
  readonly peakMiB: number;
  /**
   * The control group's own peak. It misses nothing between two looks, and counts page cache too: no less than the true
   * peak, often far more (a database that reads its files comes up to its limit). Undefined where the kernel keeps none.
   */
  readonly kernelPeakMiB: number | undefined;
};

/** By the name of the service. */
export type MemoryOfServices = ReadonlyMap<string, ServiceMemory>;
export type MemoryHistory = Readonly<Record<Mode, MemoryOfServices>>;

export const noHistory: MemoryHistory = { test: new Map(), production: new Map() };

/** What a service used at one moment. */
export type MemoryLook = {
  readonly imageId: string;
  readonly limitMiB: number | undefined;
  readonly memoryMiB: number;
  readonly kernelPeakMiB: number | undefined;
  readonly atMs: number;
  /** The time that the look stands for. */
  readonly seconds: number;
};

export type MemoryFigures = {
  readonly medianMiB: number;
  readonly p95MiB: number;
  readonly peakMiB: number;
  readonly kernelPeakMiB: number | undefined;
  readonly coveredSeconds: number;
  readonly sinceMs: number;
};

const daySeconds = 86_400;
/** With more than this covered all that is there counts half: what was long ago fades. */
const mostSeconds = 14 * daySeconds;
/** A service that was not seen for so long is forgotten. */
const forgottenAfterMs = 90 * daySeconds * 1000;
/** An estimate is made from what covers at least this much. */
export const enoughSeconds = 3600;
/** The first look at a service stands for this much: nobody knows what was before. */
const firstLookSeconds = 1;

/**
 * The seconds that a look at `atMs` stands for: since the look before it, but not longer than the container runs, nor than
 * `mostSeconds`: of what was before that it says nothing.
 */
export function coveredSeconds(look: {
  readonly atMs: number;
  readonly lastAtMs: number | undefined;
  readonly startedAtMs: number | undefined;
  readonly mostSeconds: number;
}): number {
  const { atMs, lastAtMs, startedAtMs } = look;
  const fromMs = Math.max(lastAtMs ?? atMs, startedAtMs ?? Number.NEGATIVE_INFINITY);
  const seconds = (atMs - fromMs) / 1000;
  return seconds > 0 ? Math.min(seconds, look.mostSeconds) : firstLookSeconds;
}

export const lookAtMemory = (look: MemoryLook): ServiceMemory => ({
  imageId: look.imageId,
  limitMiB: look.limitMiB,
  sinceMs: look.atMs - look.seconds * 1000,
  lastAtMs: look.atMs,
  histogram: new Map([[bucketOf(look.memoryMiB), look.seconds]]),
  peakMiB: look.memoryMiB,
  kernelPeakMiB: look.kernelPeakMiB,
});

/** The share of `newer` that `older` has not seen: two that watch at once do not make the time twice as long. */
function unseenShare(older: ServiceMemory, newer: ServiceMemory): number {
  // The clock was set back: nothing can be said of an overlap.
  if (older.lastAtMs >= newer.lastAtMs) return older.sinceMs > newer.lastAtMs ? 1 : 0;
  const spanMs = newer.lastAtMs - newer.sinceMs;
  return spanMs <= 0 ? 1 : Math.min(1, (newer.lastAtMs - older.lastAtMs) / spanMs);
}

const greater = (first: number | undefined, second: number | undefined): number | undefined =>
  first === undefined || second === undefined ? (first ?? second) : Math.max(first, second);

/** `newer` was seen after `older`, or at the same time. Another image or another limit starts afresh. */
export function mergeServiceMemory(older: ServiceMemory | undefined, newer: ServiceMemory): ServiceMemory {
  if (older === undefined || older.imageId !== newer.imageId || older.limitMiB !== newer.limitMiB) {
    return newer;
  }
  const joined = mergeHistograms(older.histogram, scaleHistogram(newer.histogram, unseenShare(older, newer)));
  return {
    imageId: newer.imageId,
    limitMiB: newer.limitMiB,
    sinceMs: Math.min(older.sinceMs, newer.sinceMs),
    lastAtMs: newer.lastAtMs,
    histogram: totalSeconds(joined) > mostSeconds ? scaleHistogram(joined, 0.5) : joined,
    peakMiB: Math.max(older.peakMiB, newer.peakMiB),
    kernelPeakMiB: greater(older.kernelPeakMiB, newer.kernelPeakMiB),
  };
}

/** Adds what was seen of services of `mode`, and forgets what was not seen for 90 days. */
export function addToHistory(
  history: MemoryHistory,
  mode: Mode,
  seen: MemoryOfServices,
  nowMs: number,
): MemoryHistory {
  const isRemembered = ({ lastAtMs }: ServiceMemory): boolean => nowMs - lastAtMs < forgottenAfterMs;
  const keep = (services: MemoryOfServices): MemoryOfServices =>
    new Map([...services].filter(([, memory]) => isRemembered(memory)));
  const kept: MemoryHistory = { test: keep(history.test), production: keep(history.production) };
  const changed = new Map(kept[mode]);
  for (const [name, memory] of seen) changed.set(name, mergeServiceMemory(changed.get(name), memory));
  return { ...kept, [mode]: changed };
}

/** Undefined when there is nothing to read from. */
export function figuresOf(memory: ServiceMemory): MemoryFigures | undefined {
  const { histogram, peakMiB, kernelPeakMiB, sinceMs } = memory;
  const medianMiB = quantileMiB(histogram, 0.5);
  const p95MiB = quantileMiB(histogram, 0.95);
  if (medianMiB === undefined || p95MiB === undefined) return undefined;
  return {
    // The middle of the highest bucket may be above all that was seen.
    medianMiB: Math.min(medianMiB, peakMiB),
    p95MiB: Math.min(p95MiB, peakMiB),
    peakMiB,
    kernelPeakMiB,
    coveredSeconds: totalSeconds(histogram),
    sinceMs,
  };
}
