/** Durations of buckets. */

import { parseDuration } from '../env/duration.ts';

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

/** Seconds of `7d`, `1d12h`, `2w` or `0` (for ever); undefined for what is none, or too short for InfluxDB. */
export function parseRetention(text: string): number | undefined {
  if (text === '0') return 0;
  const seconds = parseDuration(text);
  return seconds !== undefined && seconds >= shortestRetentionSeconds ? seconds : undefined;
}

/** A retention as settings have it: `14d`; 0 is for ever. */
export const formatRetentionDays = (days: number): string => (days === 0 ? '0' : `${days}d`);

export const retentionSecondsOfDays = (days: number): number => days * daySeconds;

/** Data of some age goes when `from` becomes `to`; 0 is for ever. */
export const isShorterRetention = (from: number, to: number): boolean =>
  to !== 0 && (from === 0 || to < from);

/** `7 days`, `36 hours`, `for ever`. */
export function describeRetention(retentionSeconds: number): string {
  const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;
  if (retentionSeconds === 0) return 'for ever';
  if (retentionSeconds % daySeconds === 0) return count(retentionSeconds / daySeconds, 'day');
  if (retentionSeconds % hourSeconds === 0) return count(retentionSeconds / hourSeconds, 'hour');
  return count(retentionSeconds, 'second');
}

/** `for 7 days`, `for ever`. */
export const describeKept = (retentionSeconds: number): string =>
  retentionSeconds === 0 ? describeRetention(0) : `for ${describeRetention(retentionSeconds)}`;
