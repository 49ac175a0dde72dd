/** Whether an address and port can be had, asked by taking them for a moment. */

import { createServer } from 'node:net';

/**
 * True when a listener could be opened. An address that this machine has not, and a port that needs privileges this
 * account has not, are nobody's holding: true as well.
 */
export const canBind = (address: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
