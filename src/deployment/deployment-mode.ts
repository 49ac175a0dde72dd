/** The mode of this process, as its environment says. */

import type { Mode } from '../core/mode/mode.ts';
import { readDeploymentMode } from '../core/mode/read-mode.ts';
import { DeploymentError } from './deployment-error.ts';

/** The variables of a process: `process.env`, or a part of it in a test. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Control characters of a value would act on the terminal of whoever reads the log. */
const quote = (text: string): string => JSON.stringify(text.slice(0, 60));

/**
 * The mode in `DEPLOYMENT_MODE`; `production` when it is unset or empty. Upper case and surrounding space do not matter.
 *
 * @throws {DeploymentError} `unknown-mode`, with the nearest mode, when the value is none
 * @example
 * const bucket = getDeploymentMode() === 'test' ? 'weather_data_test' : 'weather_data';
 */
export function getDeploymentMode(environment: Environment = process.env): Mode {
  const reading = readDeploymentMode(environment.DEPLOYMENT_MODE);
  if (reading.kind === 'mode') return reading.mode;
  const advice =
    reading.nearest === undefined ? 'It is test or production.' : `Did you mean ${quote(reading.nearest)}?`;
  throw new DeploymentError(
    'unknown-mode',
    `DEPLOYMENT_MODE is ${quote(reading.text)}, which is no deployment mode. ${advice}`,
  );
}
