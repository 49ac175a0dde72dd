import type { PublishedPort, Stack } from './stack.ts';

/** Published on every address of the machine. */
export const isPublishedEverywhere = ({ hostAddress }: Pick<PublishedPort, 'hostAddress'>): boolean =>
  hostAddress === '' || hostAddress === '0.0.0.0' || hostAddress === '::';

/** `http://address:port` of a service from this machine; undefined when it publishes no port. */
export function serviceAddress(stack: Stack, name: string): string | undefined {
  const port = stack.services.find(service => service.name === name)?.ports[0];
  if (port === undefined) return undefined;
  return `http://${isPublishedEverywhere(port) ? '127.0.0.1' : port.hostAddress}:${port.hostPort}`;
}
