/**
 * How long a service used how much memory: a histogram of a fixed number of logarithmic buckets, weighted by time, so
 * that looks at uneven intervals count rightly. A figure read from it is at most 2 % off.
 */

/** From one bucket to the next. The middle of a bucket is within √1.04 − 1 = 1.98 % of everything in it. */
const growth = 1.04;
/** 1 MiB to 66 GiB; what is below or above counts as the first or the last. */
export const bucketCount = 284;

/** Seconds by bucket; empty buckets are absent. */
export type MemoryHistogram = ReadonlyMap<number, number>;

export const bucketOf = (memoryMiB: number): number =>
  Math.min(bucketCount - 1, Math.max(0, Math.floor(Math.log(Math.max(1, memoryMiB)) / Math.log(growth))));

/** The figure in MiB that stands for all in the bucket. */
const middleOf = (bucket: number): number => growth ** (bucket + 0.5);

export const totalSeconds = (histogram: MemoryHistogram): number =>
  [...histogram.values()].reduce((sum, seconds) => sum + seconds, 0);

/** `share` of the seconds of each bucket. */
export const scaleHistogram = (histogram: MemoryHistogram, share: number): MemoryHistogram =>
  new Map([...histogram].map(([bucket, seconds]) => [bucket, seconds * share]));

export function mergeHistograms(first: MemoryHistogram, second: MemoryHistogram): MemoryHistogram {
  const sum = new Map(first);
  for (const [bucket, seconds] of second) sum.set(bucket, (sum.get(bucket) ?? 0) + seconds);
  return sum;
}

/** In MiB: at most this much was used during `share` (0…1) of the time; undefined when there is none. */
export function quantileMiB(histogram: MemoryHistogram, share: number): number | undefined {
  const buckets = [...histogram].filter(([, seconds]) => seconds > 0).sort(([a], [b]) => a - b);
  const wanted = totalSeconds(histogram) * share;
  let seconds = 0;
  for (const [bucket, more] of buckets) {
    seconds += more;
    if (seconds >= wanted) return middleOf(bucket);
  }
  const last = buckets.at(-1);
  return last === undefined ? undefined : middleOf(last[0]);
}
