/** A Unix socket that leads to another one while it is open: an engine that goes away without being stopped. */

import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type SocketGate = {
  readonly path: string;
  readonly open: () => Promise<void>;
  /** Ends every connection and refuses new ones. */
  readonly close: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export async function createSocketGate(target: string): Promise<SocketGate> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-gate-'));
  const path = join(folder, 'gate.sock');
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    for (const socket of sockets) socket.destroy();
    if (closing !== undefined) await new Promise(resolve => closing.close(resolve));
  };
  return {
    path,
    open: async () => {
      const opened = createServer(client => {
        const upstream = connect(target);
        keep(client);
        keep(upstream);
        client.pipe(upstream).pipe(client);
      });
      await new Promise<void>((resolve, reject) => {
        opened.once('error', reject);
        opened.listen(path, resolve);
      });
      server = opened;
    },
    close,
    remove: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
