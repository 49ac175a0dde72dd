/** Durations of buckets. */

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;

/** InfluxDB refuses a retention between nothing and this. */
export const shortestRetentionSeconds = hourSeconds;

/**
 * The shard group duration, in seconds, that InfluxDB 2 itself takes for a retention (0: for ever). It is always
 * given, so that a bucket that is shortened later does not keep its data for the length of the old shards.
 */
export function shardGroupSecondsFor(retentionSeconds: number): number {
  if (retentionSeconds === 0 || retentionSeconds >= 180 * daySeconds) return 7 * daySeconds;
  if (retentionSeconds >= 2 * daySeconds) return daySeconds;
  return hourSeconds;
}

/** `7 days`, `36 hours`, `for ever`. */
export function describeRetention(retentionSeconds: number): string {
  const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;
  if (retentionSeconds === 0) return 'for ever';
  if (retentionSeconds % daySeconds === 0) return count(retentionSeconds / daySeconds, 'day');
  if (retentionSeconds % hourSeconds === 0) return count(retentionSeconds / hourSeconds, 'hour');
  return count(retentionSeconds, 'second');
}
