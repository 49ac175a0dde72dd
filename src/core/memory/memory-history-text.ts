/** `.homeiq/memory.json` as text: what was measured, without a secret and without a setting. */

import { type Mode, modes } from '../mode/mode.ts';
import { bucketCount, type MemoryHistogram } from './memory-histogram.ts';
import type { MemoryHistory, MemoryOfServices, ServiceMemory } from './memory-history.ts';

const formatVersion = 1;
/** No stack comes near; a file with more was made to do harm. */
const mostServices = 1000;
const longestName = 200;
/** 1 PiB: no memory. */
const mostMiB = 2 ** 30;
const mostSecondsOfBucket = 1e9;
/** The last day that JavaScript's dates know. */
const lastMs = 8.64e15;

type Fields = Readonly<Record<string, unknown>>;

class Misshapen extends Error {}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function asFields(value: unknown): Fields {
  if (isFields(value)) return value;
  throw new Misshapen();
}

/** A number from 0 to `most`. */
function asAmount(value: unknown, most: number): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value;
  throw new Misshapen();
}

const asOptionalAmount = (value: unknown, most: number): number | undefined =>
  value === undefined ? undefined : asAmount(value, most);

function readHistogram(value: unknown): MemoryHistogram {
  if (!Array.isArray(value) || value.length > bucketCount) throw new Misshapen();
  const histogram = new Map<number, number>();
  for (const pair of value as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) throw new Misshapen();
    const bucket = asAmount(pair[0], bucketCount - 1);
    if (!Number.isInteger(bucket) || histogram.has(bucket)) throw new Misshapen();
    histogram.set(bucket, asAmount(pair[1], mostSecondsOfBucket));
  }
  return histogram;
}

function readService(value: unknown): ServiceMemory {
  const fields = asFields(value);
  if (typeof fields.imageId !== 'string' || fields.imageId.length > longestName) throw new Misshapen();
  return {
    imageId: fields.imageId,
    limitMiB: asOptionalAmount(fields.limitMiB, mostMiB),
    sinceMs: asAmount(fields.sinceMs, lastMs),
    lastAtMs: asAmount(fields.lastAtMs, lastMs),
    histogram: readHistogram(fields.buckets),
    peakMiB: asAmount(fields.peakMiB, mostMiB),
    kernelPeakMiB: asOptionalAmount(fields.kernelPeakMiB, mostMiB),
  };
}

function readServices(value: unknown): MemoryOfServices {
  const entries = Object.entries(asFields(value ?? {}));
  if (entries.length > mostServices) throw new Misshapen();
  if (entries.some(([name]) => name.length > longestName)) throw new Misshapen();
  return new Map(entries.map(([name, service]) => [name, readService(service)]));
}

export type ParsedHistory =
  | { readonly kind: 'history'; readonly history: MemoryHistory }
  | { readonly kind: 'damaged' }
  /** Written by a newer program. */
  | { readonly kind: 'newer' };

/** Never throws, whatever the text is. */
export function parseMemoryHistory(text: string): ParsedHistory {
  try {
    const fields = asFields(JSON.parse(text));
    if (typeof fields.formatVersion === 'number' && fields.formatVersion > formatVersion) {
      return { kind: 'newer' };
    }
    if (fields.formatVersion !== formatVersion) return { kind: 'damaged' };
    const services = asFields(fields.services);
    const history = { test: readServices(services.test), production: readServices(services.production) };
    return { kind: 'history', history };
  } catch {
    return { kind: 'damaged' };
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

const serviceFields = (memory: ServiceMemory): Fields => ({
  imageId: memory.imageId,
  limitMiB: memory.limitMiB,
  sinceMs: Math.round(memory.sinceMs),
  lastAtMs: Math.round(memory.lastAtMs),
  peakMiB: rounded(memory.peakMiB),
  kernelPeakMiB: memory.kernelPeakMiB === undefined ? undefined : rounded(memory.kernelPeakMiB),
  buckets: [...memory.histogram]
    .map(([bucket, seconds]) => [bucket, rounded(seconds)] as const)
    .filter(([, seconds]) => seconds > 0)
    .sort(([a], [b]) => a - b),
});

export function formatMemoryHistory(history: MemoryHistory): string {
  const services = modes.map((mode: Mode) => [
    mode,
    Object.fromEntries([...history[mode]].map(([name, memory]) => [name, serviceFields(memory)])),
  ]);
  return `${JSON.stringify({ formatVersion, services: Object.fromEntries(services) })}\n`;
}
