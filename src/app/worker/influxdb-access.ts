/** How the steps reach the deployment's InfluxDB. */

import { UserError } from '../../core/error.ts';
import type { Influx } from '../../ports/influxdb.ts';
import type { StepContext } from './step.ts';

/** Where a service is reached from this machine; undefined when it publishes no port. */
export async function publishedAddress(context: StepContext, service: string): Promise<string | undefined> {
  const stack = await context.stack();
  const port = stack.services.find(({ name }) => name === service)?.ports[0];
  if (port === undefined) return undefined;
  const address = port.hostAddress === '0.0.0.0' || port.hostAddress === '' ? '127.0.0.1' : port.hostAddress;
  return `http://${address}:${port.hostPort}`;
}

export async function influxOf(context: StepContext): Promise<Influx> {
  const url = await publishedAddress(context, 'influxdb');
  if (url === undefined) {
    throw new UserError('The service influxdb publishes no port, so it cannot be set up from this machine.', {
      hint: 'Remove what compose.override.yaml says of its ports.',
    });
  }
  return context.ports.influx(url);
}

/** The stored operator token. The settings step writes it before anything depends on it. */
export async function operatorToken({ ports }: StepContext): Promise<string> {
  const token = await ports.files.readSecret('influxdb-operator-token');
  if (token === undefined) {
    throw new UserError('The operator token of InfluxDB is missing in .homeiq/secrets.', {
      hint: 'Restore the file from a backup of this folder.',
    });
  }
  return token;
}
