import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { describe, test } from 'node:test';
import { createInflux } from '../../../src/adapters/influxdb/create-influx.ts';
import { ExternalError, UserError } from '../../../src/core/error.ts';
import type { Influx } from '../../../src/ports/influxdb.ts';
import { freePort } from '../../helpers/influxd.ts';

const secret = 'secret-token-value';

async function withServer<Result>(
  listener: RequestListener,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  }
}

const answer =
  (status: number, headers: Record<string, string> = {}, body = ''): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  };

const identify = (listener: RequestListener, requestTimeoutMs = 15_000) =>
  withServer(listener, url => createInflux({ url, requestTimeoutMs }).identify());

const oss = (version: string) => ({ 'x-influxdb-build': 'OSS', 'x-influxdb-version': version });
const json = { 'content-type': 'application/json; charset=utf-8' };

describe('What answers at the address of InfluxDB', () => {
  const byPath =
    (ping: RequestListener, health: RequestListener): RequestListener =>
    (request, response) =>
      (request.url === '/ping' ? ping : health)(request, response);
  const pass = answer(
    200,
    json,
    '{"name":"influxdb","status":"pass","message":"ready for queries and writes"}',
  );

  test('InfluxDB 2, with or without a v before its version', async () => {
    for (const said of ['v2.7.12', '2.9.1']) {
      assert.deepEqual(await identify(byPath(answer(204, oss(said)), pass)), {
        kind: 'influxdb2',
        version: said.replace('v', ''),
      });
    }
  });

  test('InfluxDB 2 that listens before it is ready', async () => {
    const starting = answer(503, json, '{"name":"influxdb","status":"fail","message":"engine is opening"}');
    assert.deepEqual(await identify(byPath(answer(204, oss('2.10.0')), starting)), {
      kind: 'not-ready',
      seen: 'InfluxDB 2.10.0 says: engine is opening',
    });
    assert.deepEqual(await identify(answer(503, { ...json, ...oss('2.10.0') }, '{"status":"starting"}')), {
      kind: 'not-ready',
      seen: 'it answers 503',
    });
  });

  test('InfluxDB 1, 3 with and without a token, and Cloud', async () => {
    assert.deepEqual(await identify(answer(204, oss('1.8.10'))), { kind: 'influxdb1', version: '1.8.10' });
    const core = { ...json, 'x-influxdb-build': 'Core', 'x-influxdb-version': '3.2.1' };
    assert.deepEqual(
      await identify(answer(200, core, '{"version":"3.2.1","product_name":"InfluxDB 3 Core"}')),
      {
        kind: 'influxdb3',
        version: '3.2.1',
      },
    );
    assert.deepEqual(await identify(answer(401, { 'cluster-uuid': 'f3c9' })), {
      kind: 'influxdb3',
      version: undefined,
    });
    const cloud = { 'x-influxdb-build': 'Cloud', 'x-influxdb-version': '2.1.0' };
    assert.equal((await identify(answer(204, cloud))).kind, 'cloud');
    const enterprise = { 'x-influxdb-build': 'ENT', 'x-influxdb-version': '2.0.1-c2.0.1' };
    assert.deepEqual(await identify(byPath(answer(204, enterprise), pass)), {
      kind: 'other',
      seen: 'InfluxDB 2.0.1-c2.0.1, build ENT',
    });
  });

  test('another program: a web page, a redirect, JSON that is none, an endless answer', async () => {
    const page = answer(200, { 'content-type': 'text/html', server: 'nginx/1.25' }, '<h1>Welcome</h1>');
    assert.deepEqual(await identify(page), {
      kind: 'other',
      seen: 'a web page from nginx/1.25 (HTTP 200: Welcome)',
    });
    const redirect = answer(302, { location: 'https://login.example/?token=x' });
    assert.deepEqual(await identify(redirect), {
      kind: 'other',
      seen: 'a redirect to https://login.example/ (HTTP 302)',
    });
    assert.equal((await identify(answer(200, json, 'not json'))).kind, 'other');
    assert.equal((await identify(answer(200, json, '[1,2]'))).kind, 'other');
    assert.equal((await identify(answer(404, {}, 'not found'))).kind, 'other');
    const endless: RequestListener = (_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      const send = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', send);
      };
      send();
    };
    assert.deepEqual(await identify(endless), {
      kind: 'other',
      seen: 'an answer, but it is longer than 4 MiB',
    });
  });

  test('what does not speak HTTP, or speaks it by TLS', async () => {
    const server = createTcpServer(socket => {
      socket.on('error', () => {});
      socket.resume();
      socket.end('SSH-2.0-OpenSSH_9.2\r\n');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const plain = await createInflux({ url: `http://127.0.0.1:${port}` }).identify();
      assert.equal(plain.kind, 'other');
      assert.match('seen' in plain ? plain.seen : '', /does not speak HTTP/);
      const tls = await createInflux({ url: `https://127.0.0.1:${port}` }).identify();
      assert.equal(tls.kind, 'other');
      assert.match('seen' in tls ? tls.seen : '', /does not speak HTTPS/);
    } finally {
      await new Promise(resolve => server.close(resolve));
    }
  });

  test('nothing yet: refused, on either address of localhost, reset, silent, 502', async () => {
    const port = await freePort();
    for (const host of ['127.0.0.1', 'localhost']) {
      assert.deepEqual(await createInflux({ url: `http://${host}:${port}` }).identify(), {
        kind: 'not-ready',
        seen: 'nothing listens there (ECONNREFUSED)',
      });
    }
    const reset = await identify(request => request.socket.resetAndDestroy());
    assert.deepEqual(reset, {
      kind: 'not-ready',
      seen: 'the connection was closed before an answer came (ECONNRESET)',
    });
    assert.deepEqual(await identify(() => {}, 200), {
      kind: 'not-ready',
      seen: 'no answer within 0.2 s',
    });
    assert.equal((await identify(answer(502))).kind, 'not-ready');
  });
});

describe('A call to InfluxDB', () => {
  const calls: readonly (readonly [string, (influx: Influx, signal?: AbortSignal) => Promise<unknown>])[] = [
    ['isSetupAllowed', (influx, signal) => influx.isSetupAllowed(signal)],
    ['findOrg', (influx, signal) => influx.findOrg(secret, 'homeiq', signal)],
    ['createOrg', (influx, signal) => influx.createOrg(secret, 'homeiq', signal)],
    ['findBucket', (influx, signal) => influx.findBucket(secret, 'o1', 'b', signal)],
    [
      'createBucket',
      (influx, signal) =>
        influx.createBucket(
          secret,
          { orgId: 'o1', name: 'b', retentionSeconds: 0, shardGroupSeconds: 0, description: '' },
          signal,
        ),
    ],
    ['listAuthorizations', (influx, signal) => influx.listAuthorizations(secret, 'o1', signal)],
    [
      'createAuthorization',
      (influx, signal) =>
        influx.createAuthorization(secret, { orgId: 'o1', description: '', bucketIds: ['b1'] }, signal),
    ],
    ['deleteAuthorization', (influx, signal) => influx.deleteAuthorization(secret, 'a1', signal)],
    ['probeAccess', (influx, signal) => influx.probeAccess(secret, 'homeiq', 'b', signal)],
    ['writeLine', (influx, signal) => influx.writeLine(secret, 'homeiq', 'b', 'm v=1', signal)],
    ['query', (influx, signal) => influx.query(secret, 'homeiq', 'x', signal)],
    [
      'setup',
      (influx, signal) =>
        influx.setup(
          { username: 'u', password: secret, org: 'o', bucket: 'b', retentionSeconds: 0, token: secret },
          signal,
        ),
    ],
  ];
  const wrongAnswers: readonly (readonly [string, RequestListener])[] = [
    ['a web page', answer(200, { 'content-type': 'text/html' }, '<html>Sign in</html>')],
    ['an empty answer', answer(200)],
    ['another JSON', answer(200, json, '{"hello":"world"}')],
    ['a list', answer(200, json, '[]')],
    ['broken JSON', answer(200, json, '{"orgs":[')],
    ['null', answer(200, json, 'null')],
    ['a redirect', answer(307, { location: 'https://elsewhere.example/' })],
    ['404 of another program', answer(404, { 'content-type': 'text/plain' }, '404 page not found')],
    ['403 of another program', answer(403, {}, 'forbidden')],
    ['a reset', request => request.socket.resetAndDestroy()],
  ];

  for (const [what, listener] of wrongAnswers) {
    test(`that gets ${what} fails as such, and tells no secret`, async () => {
      await withServer(listener, async url => {
        for (const [name, call] of calls) {
          await assert.rejects(call(createInflux({ url })), (error: unknown) => {
            assert.ok(error instanceof ExternalError, `${name}: ${String(error)}`);
            assert.ok(error.command !== undefined);
            assert.ok(!`${error.stack} ${JSON.stringify(error)}`.includes(secret), name);
            return true;
          });
        }
      });
    });
  }

  test('that gets no answer ends in time, and its connection with it', async () => {
    let open = 0;
    await withServer(
      request => {
        open += 1;
        request.socket.once('close', () => {
          open -= 1;
        });
      },
      async url => {
        for (const [name, call] of calls.filter(([called]) => called !== 'setup')) {
          await assert.rejects(
            call(createInflux({ url, requestTimeoutMs: 50 })),
            (error: unknown) => error instanceof ExternalError && error.code === 'timeout',
            name,
          );
        }
        const endMs = performance.now() + 5000;
        while (open > 0 && performance.now() < endMs) await new Promise(resolve => setImmediate(resolve));
        assert.equal(open, 0);
      },
    );
  });

  test('rejects with the reason of the caller who gives up, before and during', async () => {
    const reason = new Error('given up');
    await withServer(
      () => {},
      async url => {
        const influx = createInflux({ url });
        for (const [name, call] of [
          ...calls,
          ['identify', (i: Influx, s?: AbortSignal) => i.identify(s)] as const,
        ]) {
          await assert.rejects(call(influx, AbortSignal.abort(reason)), reason, name);
          const controller = new AbortController();
          const pending = call(influx, controller.signal);
          controller.abort(reason);
          await assert.rejects(pending, reason, name);
        }
      },
    );
  });

  test('never sends a token that no header can carry', async () => {
    const influx = createInflux({ url: `http://127.0.0.1:${await freePort()}` });
    for (const token of ['', 'a b', `${secret}\n`, 'ünicode', '\u001b[31m']) {
      await assert.rejects(
        influx.findOrg(token, 'homeiq'),
        (error: unknown) => error instanceof UserError && !error.message.includes(secret),
      );
    }
  });

  test('gives the rows of a query of several tables, quotes and commas included', async () => {
    const csv = [
      ',result,table,_time,_value',
      ',a,0,2025-01-01T00:00:00Z,"one, ""two"""',
      '',
      ',result,table,_value',
      ',b,1,3',
      '',
    ].join('\r\n');
    const rows = await withServer(answer(200, { 'content-type': 'text/csv' }, csv), url =>
      createInflux({ url }).query(secret, 'homeiq', 'x'),
    );
    assert.deepEqual(rows, [
      { result: 'a', table: '0', _time: '2025-01-01T00:00:00Z', _value: 'one, "two"' },
      { result: 'b', table: '1', _value: '3' },
    ]);
  });

  test('throws the error that a query sends inside a good answer', async () => {
    const csv =
      ',result,table,_value\r\n,_result,0,1\r\n\r\n,error,reference\r\n,Failed to read shard,897\r\n';
    await withServer(answer(200, { 'content-type': 'text/csv' }, csv), async url => {
      await assert.rejects(createInflux({ url }).query(secret, 'homeiq', 'x'), /Failed to read shard/);
    });
  });

  test('an address that is none, or carries a password, is refused at once', () => {
    for (const url of ['localhost:8086', 'ftp://x', '', `http://me:${secret}@host`]) {
      assert.throws(
        () => createInflux({ url }),
        (error: unknown) => error instanceof UserError && !error.message.includes(secret),
      );
    }
    assert.equal(createInflux({ url: 'http://127.0.0.1:8086/' }).url, 'http://127.0.0.1:8086');
  });
});
