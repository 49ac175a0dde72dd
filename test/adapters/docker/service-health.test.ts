/** A service's health path, asked on a real HTTP server. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createServiceHealth } from '../../../src/adapters/docker/service-health.ts';
import type { Container } from '../../../src/ports/engine.ts';

const { ask } = createServiceHealth({ readHealth: async () => undefined });

async function serve(t: TestContext, listener: RequestListener): Promise<Container> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { publishedPorts: [{ hostAddress: '0.0.0.0', hostPort: port }] } as unknown as Container;
}

test('the answer with its status, whatever that is', async t => {
  const container = await serve(t, (request, response) => {
    response.writeHead(request.url === '/health' ? 200 : 503);
    response.end('{"status":"degraded","deployment":{"deployment_mode":"test"}}');
  });
  const answer = await ask(container, '/health', t.signal);
  assert.deepEqual([answer?.status, answer?.word, answer?.mode], [200, 'degraded', 'test']);
  assert.equal((await ask(container, '/other', t.signal))?.status, 503);
});

test('a redirection to the same path with a slash is followed, no other is', async t => {
  const asked: (string | undefined)[] = [];
  const container = await serve(t, ({ url }, response) => {
    asked.push(url);
    if (url === '/health') response.writeHead(307, { location: '/health/' });
    else if (url === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/x' });
    response.end('{"status":"healthy"}');
  });
  assert.equal((await ask(container, '/health', t.signal))?.status, 200);
  assert.equal((await ask(container, '/away', t.signal))?.status, 302);
  assert.deepEqual(asked, ['/health', '/health/', '/away']);
});

test('no port, nothing that listens, an answer without end: no answer, or a status at the most', async t => {
  assert.equal(await ask({ publishedPorts: [] } as unknown as Container, '/', t.signal), undefined);
  const container = await serve(t, (_, response) => {
    const more = (): void => void (response.writable && response.write('x'.repeat(65_536), more));
    more();
  });
  assert.deepEqual((await ask(container, '/health', t.signal))?.word, undefined);
  const closed = { publishedPorts: [{ hostAddress: '127.0.0.1', hostPort: 1 }] } as unknown as Container;
  assert.equal(await ask(closed, '/health', t.signal), undefined);
});

test('one that is given up tells nothing', async t => {
  const over = new AbortController();
  const container = await serve(t, () => over.abort());
  assert.equal(await ask(container, '/health', over.signal), undefined);
});
