/** An address of this machine that is not loopback: at one of those, Home Assistant would be the container itself. */

import { networkInterfaces } from 'node:os';

/** Empty where there is none. */
export const findMachineAddress = (): string =>
  Object.values(networkInterfaces())
    .flatMap(entries => entries ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '';

export const skipWithoutMachineAddress = (): string | false =>
  findMachineAddress() === '' ? 'this machine has no address but loopback' : false;
