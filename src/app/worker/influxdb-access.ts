/** How the steps reach the deployment's InfluxDB. */

import { recoverySteps } from '../../core/buckets/recovery.ts';
import { UserError } from '../../core/error.ts';
import { serviceAddress } from '../../core/stack/service-address.ts';
import type { Influx } from '../../ports/influxdb.ts';
import type { StepContext } from './step.ts';

/** Where a service is reached from this machine. Throws a UserError when it publishes no port. */
export async function publishedAddress(context: StepContext, service: string): Promise<string> {
  const url = serviceAddress(await context.stack(), service);
  if (url !== undefined) return url;
  throw new UserError(`The service ${service} publishes no port, so it cannot be set up from this machine.`, {
    hint: 'Remove what compose.override.yaml says of its ports.',
  });
}

export const influxOf = async (context: StepContext): Promise<Influx> =>
  context.ports.influx(await publishedAddress(context, 'influxdb'));

/** The stored operator token. The settings step writes it before anything depends on it. */
export async function operatorToken({ ports }: StepContext): Promise<string> {
  const token = await ports.files.readSecret('influxdb-operator-token');
  if (token === undefined) {
    throw new UserError('The operator token of InfluxDB is missing in .homeiq/secrets.', {
      hint: 'Restore the file from a backup of this folder, or have a new one made.',
      nextSteps: recoverySteps,
    });
  }
  return token;
}
