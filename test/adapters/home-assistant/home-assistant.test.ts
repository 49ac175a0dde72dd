import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import {
  type HomeAssistantStandIn,
  startHomeAssistantStandIn,
} from '../../../sandbox/stand-in/home-assistant.ts';
import { createHomeAssistant } from '../../../src/adapters/home-assistant/create-home-assistant.ts';
import { ExternalError, UserError } from '../../../src/core/error.ts';
import { freePort } from '../../helpers/influxd.ts';

const user = { name: 'HomeIQ', username: 'homeiq', password: 'a-password', language: 'en' };

describe('Home Assistant, as its stand-in answers', () => {
  let folder: string;
  let standIn: HomeAssistantStandIn;
  const requests: string[] = [];
  const start = async (options: { coreConfigFails?: boolean } = {}) => {
    standIn = await startHomeAssistantStandIn({
      port: 0,
      dataFolder: folder,
      ...options,
      onRequest: (method, path, status) => requests.push(`${method} ${path} ${status}`),
    });
    return createHomeAssistant({ url: `${standIn.url}/` });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeiq-ha-'));
    requests.length = 0;
  });
  afterEach(async () => {
    await standIn.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is onboarded, every step of it, and accepts the token it gave', async () => {
    const homeAssistant = await start();
    assert.deepEqual(await homeAssistant.onboardingState(), { kind: 'open', doneSteps: [] });
    const { token } = await homeAssistant.onboard(user, 'HomeIQ 1');
    assert.deepEqual(await homeAssistant.checkToken(token), { kind: 'accepted', version: '2024.3.3' });
    assert.deepEqual(await homeAssistant.onboardingState(), { kind: 'complete' });
    for (const step of ['users', 'core_config', 'analytics', 'integration']) {
      assert.ok(requests.includes(`POST /api/onboarding/${step} 200`), step);
    }
  });

  test('gives its token although a later step of its onboarding fails', async () => {
    const homeAssistant = await start({ coreConfigFails: true });
    const { token } = await homeAssistant.onboard(user, 'HomeIQ 1');
    assert.equal((await homeAssistant.checkToken(token)).kind, 'accepted');
    assert.deepEqual(await homeAssistant.onboardingState(), {
      kind: 'open',
      doneSteps: ['user', 'analytics', 'integration'],
    });
  });

  test('keeps its token through a restart, after which the onboarding view is gone', async () => {
    const { token } = await (await start()).onboard(user, 'HomeIQ 1');
    await standIn.close();
    const homeAssistant = await start();
    assert.deepEqual(await homeAssistant.onboardingState(), { kind: 'complete' });
    assert.equal((await homeAssistant.checkToken(token)).kind, 'accepted');
  });

  test('refuses a second user, in its own words and without the password', async () => {
    const homeAssistant = await start();
    await homeAssistant.onboard(user, 'HomeIQ 1');
    await assert.rejects(homeAssistant.onboard(user, 'HomeIQ 2'), (error: unknown) => {
      assert.ok(error instanceof ExternalError);
      assert.equal(error.status, 403);
      assert.match(error.message, /User step already done/);
      assert.ok(!JSON.stringify(error).includes(user.password));
      return true;
    });
  });

  test('refuses a wrong token, and one that cannot be sent', async () => {
    const homeAssistant = await start();
    for (const token of ['wrong', '', 'with a space', 'line\nend', 'ümlaut']) {
      assert.deepEqual(await homeAssistant.checkToken(token), { kind: 'refused' });
    }
  });

  test('stops at once when the caller gives up', async () => {
    const homeAssistant = await start();
    const reason = new Error('given up');
    await assert.rejects(homeAssistant.checkToken('x', AbortSignal.abort(reason)), reason);
    await assert.rejects(homeAssistant.onboard(user, 'x', AbortSignal.abort(reason)), reason);
    await assert.rejects(homeAssistant.onboardingState(AbortSignal.abort(reason)), reason);
  });
});

describe('What is not Home Assistant, or cannot be reached', () => {
  const answering = async (listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> => {
    const server = createServer(listener);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  };
  const check = async (listener: RequestListener) => {
    const seen: { check?: unknown; state?: unknown } = {};
    await answering(listener, async url => {
      const homeAssistant = createHomeAssistant({ url, requestTimeoutMs: 300 });
      seen.check = await homeAssistant.checkToken('token');
      seen.state = await homeAssistant.onboardingState();
    });
    return seen;
  };

  test('a web page', async () => {
    const page: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><title>Router</title></html>');
    };
    assert.deepEqual(await check(page), {
      check: { kind: 'not-home-assistant', seen: 'a web page, HTTP 200: Router' },
      state: { kind: 'not-ready', seen: 'it answers a web page, HTTP 200: Router' },
    });
  });

  test('a redirect, which is named without its query', async () => {
    const redirect: RequestListener = (_request, response) => {
      response.writeHead(302, { location: 'https://login.example/start?secret=1' });
      response.end();
    };
    const seen = 'a redirect to https://login.example/start';
    assert.deepEqual((await check(redirect)).check, { kind: 'not-home-assistant', seen });
  });

  test("another program's 401", async () => {
    const other: RequestListener = (_request, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic' });
      response.end('Sign in');
    };
    assert.deepEqual((await check(other)).check, {
      kind: 'not-home-assistant',
      seen: 'HTTP 401: Sign in',
    });
  });

  test('a ban, a proxy without its backend, a reset, silence, an endless answer', async () => {
    const withStatus =
      (status: number): RequestListener =>
      (_request, response) => {
        response.writeHead(status);
        response.end();
      };
    assert.match(String(JSON.stringify((await check(withStatus(403))).check)), /unreachable.*banned/);
    assert.match(
      String(JSON.stringify((await check(withStatus(400))).check)),
      /unreachable.*trusted_proxies/,
    );
    assert.match(String(JSON.stringify((await check(withStatus(502))).check)), /unreachable.*HTTP 502/);
    assert.match(
      String(JSON.stringify((await check(request => request.socket.destroy())).check)),
      /unreachable.*closed before an answer/,
    );
    assert.match(String(JSON.stringify((await check(() => {})).check)), /unreachable.*within 0.3 s/);
    const endless: RequestListener = (_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const send = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', send);
      };
      send();
    };
    await answering(endless, async url => {
      const seen = await createHomeAssistant({ url, requestTimeoutMs: 5000 }).checkToken('token');
      assert.match(JSON.stringify(seen), /not-home-assistant.*too long/);
    });
  });

  test('HTTP that works beside a WebSocket that does not', async () => {
    const onlyHttp: RequestListener = (_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"version":"2024.3.3"}');
    };
    assert.match(JSON.stringify((await check(onlyHttp)).check), /unreachable.*WebSocket does not work/);
  });

  test('nothing at all', async () => {
    const homeAssistant = createHomeAssistant({ url: `http://127.0.0.1:${await freePort()}` });
    assert.match(
      JSON.stringify(await homeAssistant.checkToken('token')),
      /unreachable.*nothing listens there/,
    );
    assert.match(JSON.stringify(await homeAssistant.onboardingState()), /not-ready.*nothing listens there/);
  });

  test('an address that is none, or that carries a password', () => {
    for (const url of ['homeassistant:8123', 'ftp://x', '', 'http://user:secret@host']) {
      assert.throws(
        () => createHomeAssistant({ url }),
        (error: unknown) => error instanceof UserError && !error.message.includes('secret'),
      );
    }
  });
});

test('a message over the WebSocket that has no end is not taken in', async t => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"version":"2024.3.3"}');
  });
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    // A text of 8 TiB begins.
    socket.write(Buffer.from([0x81, 127, 0, 0, 8, 0, 0, 0, 0, 0]));
    socket.on('error', () => undefined);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const homeAssistant = createHomeAssistant({ url: `http://127.0.0.1:${port}`, requestTimeoutMs: 20_000 });
  const startedMs = performance.now();
  const sight = await homeAssistant.look('token');
  assert.equal(sight.kind, 'no-web-socket');
  // Refused by its header: nobody waited for the rest of it.
  assert.ok(performance.now() - startedMs < 15_000);
});
