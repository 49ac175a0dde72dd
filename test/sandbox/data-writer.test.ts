/** A stand-in's writes, against a recorder in place of InfluxDB and the Home Assistant stand-in. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { startHomeAssistantStandIn } from '../../sandbox/stand-in/home-assistant.ts';
import { createInfluxClient } from '../../sandbox/stand-in/influx-client.ts';
import { followStateChanges, type StateChanged } from '../../sandbox/stand-in/ingestion.ts';
import { until } from '../helpers/until.ts';

type Call = { readonly path: string; readonly authorization: string; readonly body: string };

describe("a stand-in's use of InfluxDB", () => {
  const calls: Call[] = [];
  let answer = { status: 204, body: '' };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    calls.push({ path: request.url ?? '', authorization: request.headers.authorization ?? '', body });
    response.writeHead(answer.status);
    response.end(answer.body);
  });
  const client = () =>
    createInfluxClient({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      org: 'homeiq-test',
      bucket: 'weather_data_test',
      token: 'the-token',
    });

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    calls.length = 0;
  });

  it('writes to its bucket with its token', async () => {
    answer = { status: 204, body: '' };
    await client().write('weather,service=weather-api value=1i 1');
    assert.deepEqual(calls, [
      {
        path: '/api/v2/write?org=homeiq-test&bucket=weather_data_test&precision=ms',
        authorization: 'Token the-token',
        body: 'weather,service=weather-api value=1i 1',
      },
    ]);
  });

  it('says what the server said when it refuses', async () => {
    answer = { status: 403, body: '{"code":"forbidden"}' };
    await assert.rejects(client().write('x value=1i'), {
      message: 'InfluxDB answered 403: {"code":"forbidden"}',
    });
  });

  it('counts its own points', async () => {
    answer = { status: 200, body: ',_result,0,25\r\n\r\n' };
    assert.equal(await client().count('weather', 'weather-api'), 25);
    const { query } = JSON.parse(calls[0]?.body ?? '');
    assert.match(query, /^from\(bucket: "weather_data_test"\) .* r\.service == "weather-api"/);
    answer = { status: 200, body: '\r\n' };
    assert.equal(await client().count('weather', 'weather-api'), 0);
  });
});

describe("the ingestion's connection to Home Assistant", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homeiq-stand-in-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const start = (port = 0) =>
    startHomeAssistantStandIn({ port, dataFolder: folder, knownToken: 'known', eventIntervalMs: 10 });

  function record() {
    const seen: {
      changes: StateChanged[];
      connections: number;
      away: string[];
      refused: string | undefined;
    } = {
      changes: [],
      connections: 0,
      away: [],
      refused: undefined,
    };
    return {
      seen,
      events: {
        onConnected: () => {
          seen.connections += 1;
        },
        onDisconnected: (reason: string) => {
          seen.away.push(reason);
        },
        onRefused: (reason: string) => {
          seen.refused = reason;
        },
        onStateChanged: (change: StateChanged) => {
          seen.changes.push(change);
        },
      },
    };
  }

  it('brings state changes, and comes back after Home Assistant was away', async t => {
    const first = await start();
    const { seen, events } = record();
    t.after(followStateChanges(`ws://127.0.0.1:${first.port}/api/websocket`, 'known', events));
    await until(() => seen.changes.length >= 3).finally(first.close);
    assert.match(seen.changes[0]?.entityId ?? '', /^[a-z_]+\.[a-z_]+$/);
    await until(() => seen.away.length > 0);
    const second = await start(first.port);
    t.after(second.close);
    await until(() => seen.connections === 2);
    const before = seen.changes.length;
    await until(() => seen.changes.length > before);
  });

  it('gives up when the token is refused', async t => {
    const server = await start();
    t.after(server.close);
    const { seen, events } = record();
    t.after(followStateChanges(`ws://127.0.0.1:${server.port}/api/websocket`, 'wrong', events));
    await until(() => seen.refused !== undefined);
    assert.equal(seen.refused, 'Invalid access token or password');
    assert.equal(seen.connections, 0);
    assert.deepEqual(seen.away, []);
  });
});
