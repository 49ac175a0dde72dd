/** Stands before an HTTP server and does something bad to one request: by its number, counted from 1. */

import { createServer, request as sendRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export const faults = ['reset-before', 'reset-after', 'html', 'redirect', 'unavailable', 'silence'] as const;
/**
 * `reset-after`: the server has done what was asked, and its answer is lost. `gone-before`, `gone-after`: the same, and
 * nothing comes through any more, as when the asking process has died. `slow`: every answer comes late, from the armed
 * request on; no fault for who waits.
 */
export type Fault = (typeof faults)[number] | 'gone-before' | 'gone-after' | 'slow';

/** How late a slow answer comes. */
export const slowAnswerMs = 300;

export type FaultProxy = {
  readonly url: string;
  /** `GET /path` of every request that came, since the last `arm`. */
  readonly seen: readonly string[];
  /** From now on: the request with this number meets the fault. 0: none does. */
  readonly arm: (fault: Fault, at: number) => void;
  readonly dispose: () => Promise<void>;
};

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let armed: { readonly fault: Fault; readonly at: number } = { fault: 'reset-before', at: 0 };
  const seen: string[] = [];
  const upgraded = new Set<Duplex>();
  /** The fault of the request that has just come. */
  const meet = (): Fault | undefined => {
    if (seen.length === armed.at) return armed.fault;
    if (armed.at === 0 || seen.length < armed.at) return undefined;
    if (armed.fault === 'slow') return 'slow';
    return armed.fault.startsWith('gone') ? 'gone-before' : undefined;
  };
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${(request.url ?? '').split('?')[0]}`);
    const fault = meet();
    switch (fault) {
      case 'reset-before':
      case 'gone-before':
        request.socket.resetAndDestroy();
        return;
      case 'silence':
        return;
      case 'html':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<html><body>Please sign in to the network</body></html>');
        return;
      case 'redirect':
        response.writeHead(307, { location: 'https://elsewhere.example/login' });
        response.end();
        return;
      case 'unavailable':
        response.writeHead(503, { 'content-type': 'text/plain' });
        response.end('no backend');
        return;
      case 'reset-after':
      case 'gone-after':
      case 'slow':
      case undefined:
        break;
    }
    const { method = 'GET', headers, url = '/' } = request;
    const forwarded = sendRequest(`${target}${url}`, { method, headers }, answer => {
      if (fault === 'reset-after' || fault === 'gone-after') {
        answer.resume();
        answer.once('end', () => request.socket.resetAndDestroy());
        return;
      }
      const handOn = (): void => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      };
      if (fault === 'slow') setTimeout(handOn, slowAnswerMs);
      else handOn();
    });
    forwarded.once('error', () => request.socket.destroy());
    request.pipe(forwarded);
  });
  // WebSockets: the opening request counts; the connection is cut before it or handed on as it is.
  server.on('upgrade', (request, socket, head) => {
    seen.push(`${request.method} ${request.url}`);
    const fault = meet();
    const isCut = fault !== undefined && fault !== 'slow';
    socket.on('error', () => {});
    if (isCut) {
      socket.destroy();
      return;
    }
    const { hostname, port } = new URL(target);
    const onward = connect(Number(port), hostname);
    onward.on('error', () => socket.destroy());
    socket.once('close', () => onward.destroy());
    const headers = request.rawHeaders.flatMap((text, index, all) =>
      index % 2 === 0 ? [`${text}: ${all[index + 1]}`] : [],
    );
    onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket);
    socket.pipe(onward);
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    arm: (fault, at) => {
      armed = { fault, at };
      seen.length = 0;
    },
    dispose: async () => {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
