/** Something that answers where Home Assistant should, over HTTP and over its WebSocket. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { WebSocketServer } from 'ws';
import { createHomeAssistant } from '../../src/adapters/home-assistant/create-home-assistant.ts';
import type { HomeAssistant } from '../../src/ports/home-assistant.ts';
import { fuzz, spoiled, spoiledBytes, spoiledText } from '../helpers/fuzz.ts';

type Script = {
  /** In turn; the last one stays. */
  readonly answers: readonly {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[];
  /** Said at once by the WebSocket, which then closes. */
  readonly said: readonly Buffer[];
};

let script: Script = { answers: [], said: [] };
let asked = 0;
let server: Server;
let homeAssistant: HomeAssistant;
before(async () => {
  server = createServer((request, response) => {
    request.resume();
    const answer = script.answers[Math.min(asked, script.answers.length - 1)];
    asked += 1;
    response.writeHead(answer?.status ?? 500, answer?.headers ?? {}).end(answer?.body);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', socket => {
    for (const [index, message] of script.said.entries()) socket.send(message, { binary: index % 7 === 6 });
    socket.close();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  homeAssistant = createHomeAssistant({ url: `http://127.0.0.1:${port}`, requestTimeoutMs: 20_000 });
});
after(() => {
  server.closeAllConnections();
  server.close();
});

const documents = [
  { version: '2024.3.3', location_name: 'Home', components: [] },
  [{ step: 'user', done: false }],
  { auth_code: 'abc' },
  { flow_id: 'abc', type: 'form', errors: { base: 'invalid_auth' } },
  { type: 'create_entry', result: 'abc' },
  { access_token: 'abc', token_type: 'Bearer' },
  { message: 'API running.' },
];
const messages = [
  { type: 'auth_required', ha_version: '2024.3.3' },
  { type: 'auth_ok', ha_version: '2024.3.3' },
  { type: 'auth_invalid', message: 'no' },
  { id: 1, type: 'result', success: true, result: 'token' },
  { id: 1, type: 'result', success: false, error: { code: 'x', message: 'y' } },
];

const calls: Readonly<Record<string, () => Promise<unknown>>> = {
  look: () => homeAssistant.look('token'),
  'look without a token': () => homeAssistant.look(undefined),
  onboardingState: () => homeAssistant.onboardingState(),
  onboard: () =>
    homeAssistant.onboard({ name: 'a', username: 'a', password: 'secret', language: 'en' }, 'HomeIQ'),
  signIn: () => homeAssistant.signIn({ username: 'a', password: 'secret' }, 'HomeIQ'),
};

const answer = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 500, 502),
  headers: fc.record(
    {
      'content-type': fc.constantFrom('application/json', 'text/html', 'x'),
      location: fc.constantFrom('https://evil.example/', '//', '\x9b', 'javascript:1'),
      'content-encoding': fc.constantFrom('gzip', 'br', 'x'),
    },
    { requiredKeys: [] },
  ),
  body: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...documents).map(value => JSON.stringify(value)) },
    {
      weight: 10,
      arbitrary: fc
        .constantFrom<unknown>(...documents)
        .chain(spoiled)
        .map(value => JSON.stringify(value) ?? ''),
    },
    {
      weight: 10,
      arbitrary: fc.constantFrom(...documents).chain(value => spoiledText(JSON.stringify(value))),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('x'.repeat(5_000_000), '['.repeat(500_000), '401: Unauthorized'),
    },
  ),
});
const message = fc.oneof(
  fc.constantFrom(...messages).map(value => Buffer.from(JSON.stringify(value))),
  fc
    .constantFrom<unknown>(...messages)
    .chain(spoiled)
    .map(value => Buffer.from(JSON.stringify(value) ?? '')),
  fc.constantFrom(...messages).chain(value => spoiledBytes(JSON.stringify(value))),
);

test('every call, with every kind of answer', async t => {
  const inputs = fc.record({
    call: fc.constantFrom(...Object.keys(calls)),
    answers: fc.array(answer, { minLength: 1, maxLength: 6 }),
    said: fc.array(message, { maxLength: 8 }),
  });
  await fuzz(t, 'conversations', inputs, async ({ call, ...given }) => {
    script = given;
    asked = 0;
    await calls[call]?.();
  });
});
