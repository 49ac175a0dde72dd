/** The same functions for the top of a program: where they would throw, the process says why and exits with 1. */

import { DeploymentError } from './deployment-error.ts';
import { getHealthCheckInfo, logDeploymentInfo } from './deployment-info.ts';
import { getDeploymentMode } from './deployment-mode.ts';
import { checkModeSettings } from './mode-settings.ts';
import {
  checkDataGenerationAllowed,
  checkExternalApiAllowed,
  checkTestServiceAllowed,
  validateDeploymentMode,
} from './service-rules.ts';

/** Returns what `run` returns. Only a DeploymentError ends the process; any other error goes on its way. */
function exiting<Given extends readonly unknown[], Result>(run: (...given: Given) => Result) {
  return (...given: Given): Result => {
    try {
      return run(...given);
    } catch (thrown) {
      if (!(thrown instanceof DeploymentError)) throw thrown;
      console.error(thrown.message);
      return process.exit(1);
    }
  };
}

/**
 * @example
 * import { orExit } from 'homeiq-setup/deployment';
 * orExit.checkTestServiceAllowed('websocket-ingestion-test');
 */
export const orExit = {
  getDeploymentMode: exiting(getDeploymentMode),
  validateDeploymentMode: exiting(validateDeploymentMode),
  checkDataGenerationAllowed: exiting(checkDataGenerationAllowed),
  checkTestServiceAllowed: exiting(checkTestServiceAllowed),
  checkExternalApiAllowed: exiting(checkExternalApiAllowed),
  checkModeSettings: exiting(checkModeSettings),
  logDeploymentInfo: exiting(logDeploymentInfo),
  getHealthCheckInfo: exiting(getHealthCheckInfo),
} as const;
