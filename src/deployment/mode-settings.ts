/** Whether the bucket, the org and the database files in the environment belong to the mode. */

import { type Mode, modeFacts, otherMode } from '../core/mode/mode.ts';
import { DeploymentError } from './deployment-error.ts';
import { type Environment, getDeploymentMode } from './deployment-mode.ts';

/** Keys of HomeIQ's services that name a SQLite file, as a path or as an address. */
const databaseKeys = ['DATABASE_URL', 'SQLITE_DATABASE_URL', 'DATABASE_PATH', 'SQLITE_PATH'] as const;

const hasFolder = (path: string, name: string): boolean => path.split(/[/\\]/).includes(name);

/** Why a bucket is not one of the mode; undefined when it is. */
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
 * That `INFLUXDB_BUCKET`, `INFLUXDB_ORG` and the paths of SQLite files belong to the mode. Keys that are not set are not
 * looked at. In production names of the operator's own are let through; in test nothing but test's own is.
 *
 * @throws {DeploymentError} `setting-of-other-mode`, which names the key, or `unknown-mode`
 * @example
 * checkModeSettings('data-api');
 */
export function checkModeSettings(service: string, environment: Environment = process.env): void {
  const mode = getDeploymentMode(environment);
  const refuse = (key: string, why: string): never => {
    throw new DeploymentError(
      'setting-of-other-mode',
      `${service} would run in ${mode} mode with ${key}=${JSON.stringify(environment[key])}, ${why}.`,
    );
  };
  const judge = (key: string, fault: (value: string, mode: Mode) => string | undefined): void => {
    const value = environment[key];
    if (value === undefined || value === '') return;
    const why = fault(value, mode);
    if (why !== undefined) refuse(key, why);
  };
  judge('INFLUXDB_BUCKET', bucketFault);
  judge('INFLUXDB_ORG', orgFault);
  for (const key of databaseKeys) {
    judge(key, path => (hasFolder(path, otherMode(mode)) ? `a file of ${otherMode(mode)} mode` : undefined));
  }
}
