/** Which services run in which mode. */

import type { Mode } from '../core/mode/mode.ts';
import { onlyModeOf } from '../core/mode/only-mode.ts';
import { DeploymentError } from './deployment-error.ts';
import { type Environment, getDeploymentMode } from './deployment-mode.ts';

/** The kinds of services that HomeIQ's deployment module tells apart. */
export type ServiceType = 'data_generation' | 'test' | 'external_api' | 'ai' | 'core';

const reasons: Readonly<Record<Mode, string>> = {
  test: 'it would write made-up data beside what was recorded',
  production: 'test mode calls no external service and uses no quota',
};

/**
 * Whether a service of this type may run in the mode of this process; returns that mode.
 *
 * @param service its name, as `compose.yaml` has it
 * @throws {DeploymentError} `service-not-allowed`, or `unknown-mode`
 * @example
 * validateDeploymentMode('weather-api', 'external_api');
 */
export function validateDeploymentMode(
  service: string,
  type: ServiceType,
  environment: Environment = process.env,
): Mode {
  const mode = getDeploymentMode(environment);
  const only = onlyModeOf(type);
  if (only === undefined || only === mode) return mode;
  throw new DeploymentError(
    'service-not-allowed',
    `${service} is of type ${type} and runs in ${only} mode only: ${reasons[only]}. DEPLOYMENT_MODE is ${mode}.`,
  );
}

/**
 * For what makes synthetic or mock data: test mode only.
 *
 * @throws {DeploymentError} `service-not-allowed`, or `unknown-mode`
 * @example
 * checkDataGenerationAllowed('ha-simulator');
 */
export function checkDataGenerationAllowed(service: string, environment: Environment = process.env): void {
  validateDeploymentMode(service, 'data_generation', environment);
}

/**
 * For services that exist for tests: test mode only.
 *
 * @throws {DeploymentError} `service-not-allowed`, or `unknown-mode`
 * @example
 * checkTestServiceAllowed('websocket-ingestion-test');
 */
export function checkTestServiceAllowed(service: string, environment: Environment = process.env): void {
  validateDeploymentMode(service, 'test', environment);
}

/**
 * For services that call an API outside the home: production mode only.
 *
 * @throws {DeploymentError} `service-not-allowed`, or `unknown-mode`
 * @example
 * checkExternalApiAllowed('weather-api');
 */
export function checkExternalApiAllowed(service: string, environment: Environment = process.env): void {
  validateDeploymentMode(service, 'external_api', environment);
}
