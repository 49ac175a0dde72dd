/** Whether the bucket, the org and the database files in the environment belong to the mode. */

import { modeSettingKeys, settingFault } from '../core/mode/setting-fault.ts';
import { DeploymentError } from './deployment-error.ts';
import { type Environment, getDeploymentMode } from './deployment-mode.ts';

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
  for (const key of modeSettingKeys) {
    const fault = settingFault(key, environment[key] ?? '', mode);
    if (fault === undefined) continue;
    throw new DeploymentError('setting-of-other-mode', `${service} would run in ${mode} mode with ${fault}.`);
  }
}
