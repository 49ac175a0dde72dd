/** Stands before a TCP server and is cut like a cable: after so many bytes of its answers, until it is mended. */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type CuttingProxy = {
  /** For example `127.0.0.1:40123`. */
  readonly address: string;
  /** From now on: once so many bytes have come through, everything is cut and nothing is let in until `mend`. */
  readonly cutAfter: (bytes: number) => void;
  readonly isCut: () => boolean;
  readonly mend: () => void;
  readonly dispose: () => Promise<void>;
};

/** `target` is an address as `127.0.0.1:5000`. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let bytesLeft = Number.POSITIVE_INFINITY;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer(socket => {
    keep(socket);
    if (bytesLeft <= 0) {
      socket.destroy();
      return;
    }
    const onward = connect(Number(port), host);
    keep(onward);
    socket.pipe(onward);
    onward.on('data', (bytes: Buffer) => {
      bytesLeft -= bytes.length;
      if (bytesLeft <= 0) cut();
      else if (!socket.write(bytes)) {
        onward.pause();
        socket.once('drain', () => onward.resume());
      }
    });
    onward.once('end', () => socket.end());
    socket.once('close', () => onward.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cutAfter: bytes => {
      bytesLeft = bytes;
    },
    isCut: () => bytesLeft <= 0,
    mend: () => {
      bytesLeft = Number.POSITIVE_INFINITY;
    },
    dispose: async () => {
      cut();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
