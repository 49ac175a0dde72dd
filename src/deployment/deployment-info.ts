/** What a service says of its mode: at its start, and when it is asked for its health. */

import type { Mode } from '../core/mode/mode.ts';
import { type Environment, getDeploymentMode } from './deployment-mode.ts';

/** The block of a `/health` answer; `homeiq status` compares it with the deployment's mode. */
export type HealthCheckInfo = {
  readonly deployment_mode: Mode;
  readonly is_test: boolean;
  readonly is_production: boolean;
};

/**
 * The block to add to the answer of `/health`.
 *
 * @throws {DeploymentError} `unknown-mode`
 * @example
 * response.end(JSON.stringify({ status: 'healthy', deployment: getHealthCheckInfo() }));
 */
export function getHealthCheckInfo(environment: Environment = process.env): HealthCheckInfo {
  const mode = getDeploymentMode(environment);
  return { deployment_mode: mode, is_test: mode === 'test', is_production: mode === 'production' };
}

/**
 * Writes one line with the service and its mode, to standard output unless `log` is given.
 *
 * @throws {DeploymentError} `unknown-mode`
 * @example
 * logDeploymentInfo('data-api'); // data-api starts in test mode
 */
export function logDeploymentInfo(
  service: string,
  environment: Environment = process.env,
  log: (line: string) => void = console.log,
): void {
  log(`${service} starts in ${getDeploymentMode(environment)} mode`);
}
