/** Something that answers on a unix socket like a Docker Engine, as far as a test says. */

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type FakeEngine = {
  /** `unix://…` for DOCKER_HOST. */
  readonly address: string;
  /** Method and path of every request, without the API version. */
  readonly requests: readonly string[];
  readonly connections: () => number;
  /** Cuts every connection, as an engine that restarts does. */
  readonly dropConnections: () => void;
  readonly close: () => Promise<void>;
};

type Answer = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** Answers `/_ping` with `apiVersion`, and every other path with `answer`. */
export async function startFakeEngine(options: {
  readonly apiVersion?: string;
  readonly answer?: Answer;
  readonly ping?: Answer;
}): Promise<FakeEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-engine-'));
  const socketPath = join(folder, 'docker.sock');
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+/, '');
    requests.push(`${request.method} ${path}`);
    if (path === '/_ping') {
      if (options.ping !== undefined) return options.ping(request, response, path);
      response.writeHead(200, {
        'api-version': options.apiVersion ?? '1.43',
        server: 'Docker/24.0.7 (linux)',
      });
      return response.end('OK');
    }
    if (options.answer === undefined) return response.writeHead(404).end('{"message":"no such thing"}');
    return options.answer(request, response, path);
  });
  server.on('connection', socket => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(socketPath, resolve));
  return {
    address: `unix://${socketPath}`,
    requests,
    connections: () => connectionCount,
    dropConnections: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      await new Promise<void>(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Answers with a JSON document. */
export const sendJson = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
