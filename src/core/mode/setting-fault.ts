/** Settings that say where a service's data is, and whether they belong to a mode. */

import { type Mode, modeFacts, otherMode } from './mode.ts';

/** Keys of HomeIQ's services that name a SQLite file, as a path or as an address. */
const databaseKeys = ['DATABASE_URL', 'SQLITE_DATABASE_URL', 'DATABASE_PATH', 'SQLITE_PATH'] as const;

/** Keys that `settingFault` can judge. */
export const modeSettingKeys = ['INFLUXDB_BUCKET', 'INFLUXDB_ORG', ...databaseKeys] as const;
type ModeSettingKey = (typeof modeSettingKeys)[number];

/** Whether a folder on the way is named like the mode. */
export const isPathOfMode = (path: string, mode: Mode): boolean => path.split(/[/\\]/).includes(mode);

function bucketFault(bucket: string, mode: Mode): string | undefined {
  const isOf = (owner: Mode): boolean => modeFacts[owner].buckets.some(({ name }) => name === bucket);
  if (isOf(mode)) return undefined;
  if (isOf(otherMode(mode))) return `which is a bucket of ${otherMode(mode)} mode`;
  // A bucket of another name may hold what somebody recorded: nothing of test may touch it.
  return mode === 'test' ? 'which is no bucket of test mode' : undefined;
}

function orgFault(org: string, mode: Mode): string | undefined {
  if (org === modeFacts[mode].org) return undefined;
  if (org === modeFacts[otherMode(mode)].org) return `which is the org of ${otherMode(mode)} mode`;
  return mode === 'test' ? 'which is not the org of test mode' : undefined;
}

/**
 * What a service must not have in `mode`: the setting and why, to follow "has" or "with"; undefined when it may have it.
 * Names of the operator's own are let through in production; in test nothing but test's own is. An empty value belongs to
 * both. An address of a database is not quoted: it may carry a password.
 */
export function settingFault(key: ModeSettingKey, value: string, mode: Mode): string | undefined {
  if (value === '') return undefined;
  const quote = (fault: string | undefined): string | undefined =>
    fault === undefined ? undefined : `${key}=${JSON.stringify(value)}, ${fault}`;
  switch (key) {
    case 'INFLUXDB_BUCKET':
      return quote(bucketFault(value, mode));
    case 'INFLUXDB_ORG':
      return quote(orgFault(value, mode));
    default:
      return isPathOfMode(value, otherMode(mode))
        ? `a ${key} that names a file of ${otherMode(mode)} mode`
        : undefined;
  }
}
