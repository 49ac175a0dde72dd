import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  type HomeAssistantStandIn,
  type HomeAssistantStandInOptions,
  startHomeAssistantStandIn,
} from '../../sandbox/stand-in/home-assistant.ts';

const user = { name: 'Owner', username: 'owner', password: 'not-a-real-one', language: 'en' };

/** What the tests read of an answer; each answer has some of it. */
type Body = {
  readonly auth_code: string;
  readonly token_type: string;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly version: string;
  readonly state: string;
};
type StepList = readonly { readonly step: string; readonly done: boolean }[];
type State = { readonly entity_id: string; readonly state: string };
type Message = {
  readonly id: number;
  readonly type: string;
  readonly ha_version: string;
  readonly success: boolean;
  readonly result: string;
  readonly error: { readonly code: string };
  readonly event: {
    readonly event_type: string;
    readonly data: {
      readonly entity_id: string;
      readonly old_state: State | null;
      readonly new_state: State;
    };
  };
};
const closed = { type: 'closed' } as Message;

let folder: string;
let standIn: HomeAssistantStandIn;

async function start(options: Partial<HomeAssistantStandInOptions> = {}): Promise<void> {
  standIn = await startHomeAssistantStandIn({ port: 0, dataFolder: folder, eventIntervalMs: 10, ...options });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeiq-stand-in-'));
});
afterEach(async () => {
  await standIn.close();
  await rm(folder, { recursive: true, force: true });
});

async function call<Answer = Body>(
  method: string,
  path: string,
  options: { readonly token?: string; readonly json?: unknown; readonly form?: Record<string, string> } = {},
): Promise<{ readonly status: number; readonly body: Answer }> {
  const response = await fetch(`${standIn.url}${path}`, {
    method,
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    ...(options.form === undefined ? {} : { body: new URLSearchParams(options.form) }),
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: text as Answer };
  }
}

const clientId = (): string => `${standIn.url}/`;

async function exchange(code: string) {
  return call('POST', '/auth/token', {
    form: { client_id: clientId(), grant_type: 'authorization_code', code },
  });
}

async function createUserAndToken(): Promise<string> {
  const made = await call('POST', '/api/onboarding/users', { json: { client_id: clientId(), ...user } });
  assert.equal(made.status, 200);
  assert.match(made.body.auth_code, /^[0-9a-f]{32}$/);
  const issued = await exchange(made.body.auth_code);
  assert.equal(issued.status, 200);
  assert.equal(issued.body.token_type, 'Bearer');
  assert.equal(issued.body.expires_in, 1800);
  return issued.body.access_token;
}

/** A WebSocket conversation, read message by message. */
async function openSocket() {
  const socket = new WebSocket(`${standIn.url.replace('http', 'ws')}/api/websocket`);
  const queue: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  const push = (message: Message): void => {
    const next = waiting.shift();
    if (next === undefined) {
      queue.push(message);
    } else {
      next(message);
    }
  };
  socket.addEventListener('message', event => push(JSON.parse(String(event.data))));
  socket.addEventListener('close', () => push(closed));
  return {
    send: (message: unknown): void => socket.send(JSON.stringify(message)),
    next: (): Promise<Message> => {
      const first = queue.shift();
      return first === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(first);
    },
    close: (): void => socket.close(),
  };
}

async function openAuthenticated(token: string) {
  const socket = await openSocket();
  assert.equal((await socket.next()).type, 'auth_required');
  socket.send({ type: 'auth', access_token: token });
  const answer = await socket.next();
  assert.equal(answer.type, 'auth_ok');
  assert.equal(typeof answer.ha_version, 'string');
  return socket;
}

describe('the Home Assistant stand-in over HTTP', () => {
  it('answers 401 in plain text to whoever has no token', async () => {
    await start();
    assert.deepEqual(await call('GET', '/api/'), { status: 401, body: '401: Unauthorized' });
    assert.equal((await call('GET', '/api/config', { token: 'a.b.c' })).status, 401);
    assert.equal((await call('POST', '/api/states/sensor.x', { json: { state: '1' } })).status, 401);
  });

  it('walks through onboarding once', async () => {
    await start();
    const before = await call<StepList>('GET', '/api/onboarding');
    assert.deepEqual(
      before.body.map(entry => [entry.step, entry.done]),
      [
        ['user', false],
        ['core_config', false],
        ['analytics', false],
        ['integration', false],
      ],
    );
    assert.equal((await call('POST', '/api/onboarding/analytics', { json: {} })).status, 401);
    const token = await createUserAndToken();
    assert.deepEqual(
      await call('POST', '/api/onboarding/users', { json: { client_id: clientId(), ...user } }),
      { status: 403, body: { message: 'User step already done' } },
    );
    assert.equal((await call('POST', '/api/onboarding/core_config', { token, json: {} })).status, 200);
    assert.deepEqual(await call('POST', '/api/onboarding/analytics', { token, json: {} }), {
      status: 200,
      body: {},
    });
    const last = await call('POST', '/api/onboarding/integration', {
      token,
      json: { client_id: clientId(), redirect_uri: `${clientId()}?auth_callback=1` },
    });
    assert.match(last.body.auth_code, /^[0-9a-f]{32}$/);
    assert.ok((await call<StepList>('GET', '/api/onboarding')).body.every(entry => entry.done));
    assert.deepEqual(await call('GET', '/api/', { token }), {
      status: 200,
      body: { message: 'API running.' },
    });
    assert.equal((await call('GET', '/api/config', { token })).body.version, '2024.3.3');
  });

  it('keeps onboarding and tokens over a restart, and then has no onboarding view', async () => {
    await start();
    const token = await createUserAndToken();
    await standIn.close();
    await start();
    assert.equal((await call<StepList>('GET', '/api/onboarding')).body[0]?.done, true);
    for (const step of ['core_config', 'analytics', 'integration']) {
      const json = { client_id: clientId(), redirect_uri: clientId() };
      assert.equal((await call('POST', `/api/onboarding/${step}`, { token, json })).status, 200, step);
    }
    await standIn.close();
    await start();
    assert.equal((await call('GET', '/api/onboarding')).status, 404);
    assert.equal((await call('GET', '/api/', { token })).status, 200);
  });

  it('changes a code for a token once, and for its own client only', async () => {
    await start();
    const { body } = await call('POST', '/api/onboarding/users', {
      json: { client_id: clientId(), ...user },
    });
    const stranger = await call('POST', '/auth/token', {
      form: { client_id: 'http://elsewhere/', grant_type: 'authorization_code', code: body.auth_code },
    });
    assert.equal(stranger.status, 400);
    const issued = await exchange(body.auth_code);
    assert.equal(issued.status, 200);
    assert.deepEqual(await exchange(body.auth_code), {
      status: 400,
      body: { error: 'invalid_request', error_description: 'Invalid code' },
    });
    const refreshed = await call('POST', '/auth/token', {
      form: {
        client_id: clientId(),
        grant_type: 'refresh_token',
        refresh_token: issued.body.refresh_token,
      },
    });
    assert.equal((await call('GET', '/api/', { token: refreshed.body.access_token })).status, 200);
  });

  it('stores states, and says which were new', async () => {
    await start();
    const token = await createUserAndToken();
    const path = '/api/states/sensor.homeiq_check';
    const made = await call('POST', path, { token, json: { state: '21' } });
    assert.equal(made.status, 201);
    assert.equal(made.body.state, '21');
    assert.equal((await call('POST', path, { token, json: { state: '22' } })).status, 200);
    assert.equal((await call('GET', path, { token })).body.state, '22');
    assert.equal((await call('GET', '/api/states/sensor.nothing', { token })).status, 404);
    assert.equal((await call('POST', '/api/states/wrong', { token, json: { state: '1' } })).status, 400);
  });

  it('can fail the core_config step, as a very small configuration does', async () => {
    await start({ coreConfigFails: true });
    const token = await createUserAndToken();
    assert.equal((await call('POST', '/api/onboarding/core_config', { token, json: {} })).status, 500);
  });

  it('is already onboarded when it is given a known token', async () => {
    await start({ knownToken: 'known-placeholder' });
    assert.equal((await call('GET', '/api/onboarding')).status, 404);
    assert.equal((await call('GET', '/api/', { token: 'known-placeholder' })).status, 200);
    assert.equal((await call('GET', '/api/', { token: 'known-placeholdeR' })).status, 401);
  });

  it('refuses a body that is too large or is no JSON', async () => {
    await start();
    const token = await createUserAndToken();
    const large = await call('POST', '/api/states/sensor.x', { token, json: { state: 'x'.repeat(2 ** 20) } });
    assert.equal(large.status, 413);
    const broken = await fetch(`${standIn.url}/api/states/sensor.x`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{',
    });
    assert.equal(broken.status, 400);
  });
});

describe('the Home Assistant stand-in over WebSocket', () => {
  it('turns away a wrong token and closes', async () => {
    await start();
    const socket = await openSocket();
    assert.equal((await socket.next()).type, 'auth_required');
    socket.send({ type: 'auth', access_token: 'wrong' });
    assert.deepEqual(await socket.next(), {
      type: 'auth_invalid',
      message: 'Invalid access token or password',
    });
    assert.equal(await socket.next(), closed);
  });

  it('makes a long-lived token of 183 characters, once for each client name', async () => {
    await start();
    const socket = await openAuthenticated(await createUserAndToken());
    const request = { type: 'auth/long_lived_access_token', client_name: 'HomeIQ', lifespan: 365 };
    socket.send({ id: 1, ...request });
    const first = await socket.next();
    assert.equal(first.success, true);
    assert.equal(first.result.length, 183);
    assert.equal((await call('GET', '/api/', { token: first.result })).status, 200);
    socket.send({ id: 2, ...request });
    const second = await socket.next();
    assert.equal(second.success, false);
    assert.equal(second.error.code, 'unknown_error');
    socket.close();
  });

  it('sends state changes to a subscriber, its own and those that are posted', async () => {
    await start();
    const token = await createUserAndToken();
    const socket = await openAuthenticated(token);
    socket.send({ id: 3, type: 'subscribe_events', event_type: 'state_changed' });
    assert.deepEqual(await socket.next(), { id: 3, type: 'result', success: true, result: null });
    const moved = await socket.next();
    assert.equal(moved.type, 'event');
    assert.equal(moved.id, 3);
    assert.equal(moved.event.event_type, 'state_changed');
    assert.equal(moved.event.data.old_state?.entity_id, moved.event.data.entity_id);
    await call('POST', '/api/states/sensor.mine', { token, json: { state: '7' } });
    let posted = await socket.next();
    while (posted.event.data.entity_id !== 'sensor.mine') {
      posted = await socket.next();
    }
    assert.equal(posted.event.data.old_state, null);
    assert.equal(posted.event.data.new_state.state, '7');
    socket.send({ id: 4, type: 'unsubscribe_events', subscription: 3 });
    let answer = await socket.next();
    while (answer.type === 'event') {
      answer = await socket.next();
    }
    assert.equal(answer.success, true);
    socket.send({ id: 5, type: 'ping' });
    assert.deepEqual(await socket.next(), { id: 5, type: 'pong' });
    socket.send({ id: 6, type: 'nonsense' });
    assert.equal((await socket.next()).error.code, 'unknown_command');
    socket.close();
  });
});
