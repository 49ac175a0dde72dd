/** The operator's Home Assistant as it may be: right, wrong in every way that is told apart, or not there. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import tls from 'node:tls';
import {
  type HomeAssistantStandIn,
  startHomeAssistantStandIn,
} from '../../../sandbox/stand-in/home-assistant.ts';
import { createHomeAssistant } from '../../../src/adapters/home-assistant/create-home-assistant.ts';
import { checkHomeAssistant } from '../../../src/app/home-assistant/check-home-assistant.ts';
import {
  correctedAddress,
  describeFinding,
  type HomeAssistantFinding,
} from '../../../src/core/home-assistant/finding.ts';
import { createCertificate } from '../../helpers/certificate.ts';
import { freePort } from '../../helpers/influxd.ts';
import { findMachineAddress, skipWithoutMachineAddress } from '../../helpers/machine-address.ts';

const dayMs = 86_400_000;
const token = 'token-of-the-operator';

const check = (
  url: string,
  options: {
    readonly token?: string | undefined;
    readonly machineAddress?: string;
    readonly limitMs?: number;
    readonly signal?: AbortSignal;
  } = {},
): Promise<HomeAssistantFinding> =>
  checkHomeAssistant({
    homeAssistant: address => createHomeAssistant({ url: address, requestTimeoutMs: 2000 }),
    url,
    token: 'token' in options ? options.token : token,
    machineAddress: options.machineAddress,
    signal: options.signal ?? new AbortController().signal,
    ...(options.limitMs === undefined ? {} : { limitMs: options.limitMs }),
  });

describe('The check of the operator’s Home Assistant', { skip: skipWithoutMachineAddress() }, () => {
  let folder: string;
  let home: HomeAssistantStandIn;
  const servers: Server[] = [];
  const host = findMachineAddress();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeiq-check-'));
    home = await startHomeAssistantStandIn({ port: 0, host, dataFolder: folder, knownToken: token });
  });
  after(async () => {
    for (const server of servers) {
      if ('closeAllConnections' in server)
        (server as { closeAllConnections: () => void }).closeAllConnections();
      server.close();
    }
    await home.close();
    await rm(folder, { recursive: true, force: true });
  });

  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>(resolve => server.listen(0, host, resolve));
    return (server.address() as AddressInfo).port;
  };
  const answering = async (listener: RequestListener): Promise<string> =>
    `http://${host}:${await listen(createServer(listener))}`;
  const like401: RequestListener = (_request, response) => response.writeHead(401).end('401: Unauthorized');
  const withTls = async (names: readonly string[], fromDays: number, toDays: number, isTrusted: boolean) => {
    const certificate = createCertificate(names, {
      from: new Date(Date.now() + fromDays * dayMs),
      to: new Date(Date.now() + toDays * dayMs),
    });
    if (isTrusted) tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);
    return listen(createTlsServer(certificate, like401));
  };
  const words = (finding: HomeAssistantFinding): string => {
    const { text, hints } = describeFinding(finding);
    return [text, ...hints].join(' ');
  };

  test('accepts what is right, over HTTP and WebSocket', async () => {
    assert.deepEqual(await check(home.url), { kind: 'accepted', version: '2024.3.3' });
    assert.deepEqual(await check(home.url, { token: undefined }), { kind: 'open' });
  });

  test('refused tokens, and those that are no tokens', async () => {
    const finding = await check(home.url, { token: 'another-token' });
    assert.deepEqual(finding, { kind: 'token-refused', isShapedLikeToken: false });
    assert.match(words(finding), /about 180 characters/);
    assert.equal(describeFinding(finding).subject, 'token');
    const shaped = `${'a'.repeat(30)}.${'b'.repeat(60)}.${'c'.repeat(40)}`;
    assert.match(words(await check(home.url, { token: shaped })), /may have been deleted/);
  });

  test('the text of the address: a path, no scheme, a WebSocket scheme, this machine', async () => {
    for (const [text, said] of [
      [`${home.url}/lovelace/0`, /What follows the host and port/],
      [home.url.replace('http://', ''), /http:\/\/ was put in front/],
      [home.url.replace('http:', 'ws:'), /ws:\/\/ was changed/],
      [home.url.replace(host, 'localhost'), /the container itself/],
    ] as const) {
      const finding = await check(text, { machineAddress: host });
      assert.equal(finding.kind, 'address', text);
      assert.equal(correctedAddress(finding), home.url);
      assert.match(words(finding), said);
    }
    assert.deepEqual(await check('http://127.0.0.1:8123'), { kind: 'loopback' });
    assert.equal(correctedAddress(await check('ftp://somewhere')), undefined);
  });

  test('the wrong scheme, both ways, with the right one', async () => {
    const https = await check(home.url.replace('http:', 'https:'));
    assert.deepEqual(https, { kind: 'wrong-scheme', corrected: home.url });
    assert.match(words(https), /speaks plain HTTP/);
    const port = await withTls([host], -1, 1, false);
    const http = await check(`http://${host}:${port}`);
    assert.deepEqual(http, { kind: 'wrong-scheme', corrected: `https://${host}:${port}` });
    assert.match(words(http), /speaks HTTPS/);
    // What nginx and others say to HTTP on a port for HTTPS.
    const plain = await answering((_request, response) => response.writeHead(400).end('plain HTTP'));
    assert.deepEqual(await check(plain), { kind: 'proxy-not-trusted' });
  });

  test('nobody there: refused, unknown, silent, cut off', async () => {
    const refused = await check(`http://${host}:${await freePort()}`);
    assert.match(words(refused), /Nothing listens at this address/);
    const unknown = await check('http://no-such-host.invalid:8123');
    assert.match(words(unknown), /no machine of this name/);
    const silent = await answering(() => {});
    assert.match(words(await check(silent)), /No answer in time/);
    const cut = await answering(request => request.socket.resetAndDestroy());
    assert.match(words(await check(cut)), /closed before an answer/);
    const port = await listen(createTcpServer(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
    assert.match(words(await check(`http://${host}:${port}`)), /does not speak HTTP/);
  });

  test('certificates: self-signed, for another name, expired, not yet valid', async () => {
    const self = await check(`https://${host}:${await withTls([host], -1, 1, false)}`);
    assert.match(words(self), /self-signed/);
    const expired = await check(`https://${host}:${await withTls([host], -9, -2, true)}`);
    assert.match(words(expired), /has expired/);
    const early = await check(`https://${host}:${await withTls([host], 2, 9, true)}`);
    assert.match(words(early), /not valid yet/);
    const port = await withTls(['home.example.org', 'localhost'], -1, 1, true);
    const other = await check(`https://${host}:${port}`);
    assert.match(words(other), /for another name: home\.example\.org, localhost/);
    assert.equal(other.kind, 'certificate');
  });

  /** Home Assistant over plain HTTP, and TLS with a certificate that does not do, on one port; as nginx does, or stubborn. */
  const onePortForBoth = async (authority?: string, plainStatus?: number): Promise<number> => {
    const time = { from: new Date(Date.now() - dayMs), to: new Date(Date.now() + dayMs) };
    const secure = createTlsServer(
      createCertificate([host], authority === undefined ? time : { ...time, authority }),
      like401,
    );
    const plain = createServer((request, response) => {
      if (plainStatus === undefined) like401(request, response);
      else response.writeHead(plainStatus).end('The plain HTTP request was sent to HTTPS port');
    });
    const [securePort, plainPort] = [await listen(secure), await listen(plain)];
    return listen(
      createTcpServer(socket => {
        socket.once('data', first => {
          // A TLS handshake begins with this byte.
          const onward = connect(first[0] === 0x16 ? securePort : plainPort, host);
          onward.on('error', () => socket.destroy());
          onward.write(first);
          socket.pipe(onward).pipe(socket);
        });
        socket.on('error', () => {});
      }),
    );
  };

  test('a certificate that nobody here knows, and plain HTTP that answers: http:// is offered', async () => {
    for (const [authority, said] of [
      [undefined, /self-signed.*http:\/\/ will do/],
      ['Authority of nobody', /an authority that nobody here knows.*http:\/\/ will do/],
    ] as const) {
      const port = await onePortForBoth(authority);
      const finding = await check(`https://${host}:${port}`);
      assert.equal(finding.kind, 'certificate');
      assert.match(words(finding), said);
      assert.equal(correctedAddress(finding), `http://${host}:${port}`);
    }
  });

  test('a web server that answers 400 to plain HTTP on its port for HTTPS: https:// is offered', async () => {
    const port = await onePortForBoth(undefined, 400);
    const finding = await check(`http://${host}:${port}`);
    assert.deepEqual(finding, { kind: 'wrong-scheme', corrected: `https://${host}:${port}` });
  });

  test('a certificate for another name at which Home Assistant answers: that name', async () => {
    const certificate = createCertificate(['*.example.org', 'localhost'], {
      from: new Date(Date.now() - dayMs),
      to: new Date(Date.now() + dayMs),
    });
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);
    const server = createTlsServer(certificate, like401);
    servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '::', resolve));
    const { port } = server.address() as AddressInfo;
    assert.equal(correctedAddress(await check(`https://${host}:${port}`)), `https://localhost:${port}`);
  });

  test("not Home Assistant: a router's page, another program's JSON, its 401, an endless answer", async () => {
    const page = await answering((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>FRITZ!Box</title></html>'),
    );
    const finding = await check(page);
    assert.equal(finding.kind, 'not-home-assistant');
    assert.match(words(finding), /a web page, HTTP 200: FRITZ!Box.*router/);
    assert.equal((await check(page, { token: undefined })).kind, 'not-home-assistant');
    const json = await answering((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}'),
    );
    assert.match(words(await check(json)), /not Home Assistant: HTTP 200: {"status":"ok"}/);
    const other = await answering((_request, response) => response.writeHead(401).end('Sign in'));
    assert.equal((await check(other)).kind, 'not-home-assistant');
  });

  test('an address that points to another one, where Home Assistant answers', async () => {
    const moved = await answering((_request, response) =>
      response.writeHead(301, { location: `${home.url}/api/config` }).end(),
    );
    assert.deepEqual(await check(moved), { kind: 'moved', corrected: home.url });
    const away = await answering((_request, response) =>
      response.writeHead(302, { location: 'http://no-such-host.invalid/login' }).end(),
    );
    assert.match(words(await check(away)), /not Home Assistant: a redirect to/);
  });

  test('Home Assistant that cannot be used: banned, starting, without WebSocket, too old', async () => {
    const banned = await answering((_request, response) => response.writeHead(403).end('403: Forbidden'));
    assert.match(words(await check(banned)), /ip_bans\.yaml/);
    const starting = await answering((_request, response) => response.writeHead(502).end());
    assert.match(words(await check(starting)), /not ready/);
    const config: RequestListener = (request, response) =>
      request.headers.authorization === undefined
        ? like401(request, response)
        : response.writeHead(200, { 'content-type': 'application/json' }).end('{"version":"2024.3.3"}');
    assert.match(words(await check(await answering(config))), /not over its WebSocket/);
    const old = checkHomeAssistant({
      homeAssistant: address => ({
        ...createHomeAssistant({ url: address }),
        look: async shown =>
          shown === undefined ? { kind: 'open' } : { kind: 'accepted', version: '2021.12.1' },
      }),
      url: home.url,
      token,
      machineAddress: undefined,
      signal: new AbortController().signal,
    });
    assert.match(words(await old), /2021\.12\.1, which is too old/);
  });

  test('its own port when another one was meant, and an IP address for a name that only this machine knows', async () => {
    const withLook = (
      sights: Readonly<Record<string, Awaited<ReturnType<ReturnType<typeof createHomeAssistant>['look']>>>>,
      localAddress?: string,
    ) =>
      checkHomeAssistant({
        homeAssistant: address => ({
          ...createHomeAssistant({ url: address }),
          look: async shown => {
            const sight = sights[address] ?? { kind: 'unreachable', reason: 'refused', seen: 'nothing' };
            return sight.kind === 'accepted' && shown === undefined ? { kind: 'open' } : sight;
          },
          addressOfLocalName: async () => localAddress,
        }),
        url: 'http://home.local',
        token,
        machineAddress: undefined,
        signal: new AbortController().signal,
      });
    assert.deepEqual(await withLook({ 'http://home.local:8123': { kind: 'open' } }), {
      kind: 'wrong-port',
      corrected: 'http://home.local:8123',
    });
    const named = await withLook(
      { 'http://home.local': { kind: 'accepted', version: '2026.1' } },
      '10.0.0.7',
    );
    assert.deepEqual(named, { kind: 'accepted', version: '2026.1', corrected: 'http://10.0.0.7' });
    assert.match(words(named), /containers may not/);
  });

  test('ends at its limit with a finding, and at once when the caller gives up', async () => {
    const silent = await answering(() => {});
    const startedMs = performance.now();
    const finding = await check(silent, { limitMs: 200 });
    assert.ok(performance.now() - startedMs < 1500);
    assert.deepEqual(finding, { kind: 'unreachable', reason: 'timeout', seen: 'no answer within 0.2 s' });
    const reason = new Error('given up');
    await assert.rejects(check(silent, { signal: AbortSignal.abort(reason) }), reason);
  });

  test('the token is shown to nothing but Home Assistant, and no finding holds it', async () => {
    const seen: (string | undefined)[] = [];
    const echo = await answering((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200).end(`you said ${request.headers.authorization}`);
    });
    assert.equal((await check(echo)).kind, 'not-home-assistant');
    assert.deepEqual([...new Set(seen)], [undefined]);
    const liar = await answering((request, response) =>
      request.headers.authorization === undefined
        ? like401(request, response)
        : response.writeHead(418).end(`you said ${request.headers.authorization}`),
    );
    const finding = await check(liar);
    assert.match(words(finding), /you said Bearer \(secret\)/);
    assert.ok(!JSON.stringify(finding).includes(token));
  });
});
