import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComposeInput, composeDocument } from '../../../src/core/env/compose-document.ts';
import { parseEnv } from '../../../src/core/env/parse.ts';
import { serialiseEnv } from '../../../src/core/env/serialise.ts';
import { parseTemplate } from '../../../src/core/env/template.ts';

const template = parseTemplate(`#! homeiq template version 1 for test
# The test mode.

## Deployment

# The mode.
#: "Mode" choice mode fixed choices=test,production
DEPLOYMENT_MODE=test

# Names containers.
#: "Project" text shared fixed
COMPOSE_PROJECT_NAME=homeiq

# The zone.
#: "Time zone" time-zone shared
TZ=UTC

## Home Assistant

# Its address.
#: "Address" url mode required
HA_HTTP_URL=http://home-assistant-test:8123

# Made by the set-up.
#: "Token" token mode required secret generated
HA_TOKEN=

# Follows.
#: "WebSocket" url mode fixed from=HA_HTTP_URL
HA_WS_URL=ws://home-assistant-test:8123/api/websocket

## Behaviour

# A secret.
#: "Session key" token shared required secret generated
JWT_SECRET_KEY=

# How much.
#: "Log level" choice shared choices=DEBUG,INFO
LOG_LEVEL=INFO

# Key of a service.
#: "Key" token mode secret
WEATHER_API_KEY=
`);

const compose = (input: Partial<ComposeInput> = {}): ReturnType<typeof composeDocument> =>
  composeDocument({
    template,
    answers: {},
    standIns: {},
    machine: {},
    generate: key => `random-${key}`,
    ...input,
  });
const neverAgain = (key: string): string => {
  throw new Error(`${key} was made anew`);
};

test('a new document is the template without its annotations, filled', () => {
  const { document, values, origins, notes } = compose({ machine: { TZ: 'Europe/Amsterdam' } });
  const text = serialiseEnv(document);
  assert.ok(text.startsWith('# The test mode.\n\n## Deployment\n\n# The mode.\nDEPLOYMENT_MODE=test\n'));
  assert.doesNotMatch(text, /^#[:!]/m);
  assert.equal(values.TZ, 'Europe/Amsterdam');
  assert.equal(values.JWT_SECRET_KEY, 'random-JWT_SECRET_KEY');
  assert.equal(values.HA_TOKEN, '');
  assert.deepEqual(origins, {
    DEPLOYMENT_MODE: 'default',
    COMPOSE_PROJECT_NAME: 'default',
    TZ: 'machine',
    HA_HTTP_URL: 'default',
    HA_TOKEN: 'none',
    HA_WS_URL: 'default',
    JWT_SECRET_KEY: 'generated',
    LOG_LEVEL: 'default',
    WEATHER_API_KEY: 'none',
  });
  assert.deepEqual(notes, []);
});

test('composed again from its own document nothing changes, and no secret is made anew', () => {
  const first = serialiseEnv(compose({ answers: { WEATHER_API_KEY: 'k' } }).document);
  const again = compose({ current: parseEnv(first), generate: neverAgain });
  assert.equal(serialiseEnv(again.document), first);
  assert.equal(again.origins.WEATHER_API_KEY, 'current');
  assert.equal(again.origins.JWT_SECRET_KEY, 'generated');
  assert.deepEqual(again.notes, []);
});

test('what the operator wrote stays as it is written; a newer template only adds', () => {
  const current = [
    '# my own words',
    'MY_KEY="mine"   # kept',
    'export LOG_LEVEL = "DEBUG" # loud',
    'HOST=nas',
    `HA_HTTP_URL=http://\${HOST}:8123`,
    'JWT_SECRET_KEY=old-secret',
    'LOG_LEVEL=DEBUG',
    'DEPLOYMENT_MODE=test',
  ].join('\r\n');
  const { document, values } = compose({ current: parseEnv(current), generate: neverAgain });
  const text = serialiseEnv(document);
  let from = 0;
  for (const line of current.split('\r\n')) {
    const at = text.indexOf(`${line}\r\n`, from);
    assert.notEqual(at, -1, line);
    from = at;
  }
  assert.equal(values.JWT_SECRET_KEY, 'old-secret');
  assert.equal(values.LOG_LEVEL, 'DEBUG');
  assert.equal(values.HA_HTTP_URL, 'http://nas:8123');
  assert.equal(values.HA_WS_URL, 'ws://nas:8123/api/websocket');
  assert.match(text, /DEPLOYMENT_MODE=test\r\n\r\n# Names containers\.\r\nCOMPOSE_PROJECT_NAME=homeiq\r\n/);
  assert.doesNotMatch(text, /[^\r]\n/);
});

test('a key of a new section comes with its heading, at the end', () => {
  const { document } = compose({ current: parseEnv('LOG_LEVEL=INFO') });
  assert.match(serialiseEnv(document), /^LOG_LEVEL=INFO\n\n# Key of a service\.\nWEATHER_API_KEY=\n/);
  assert.match(serialiseEnv(document), /\n## Home Assistant\n# Its address\.\nHA_HTTP_URL=/);
});

test('an answer wins over the current value, the current over the other mode and the stand-in', () => {
  const current = parseEnv('LOG_LEVEL=DEBUG\nWEATHER_API_KEY=mine\n');
  const sharedFrom = parseEnv(
    'LOG_LEVEL=INFO\nTZ=Asia/Tokyo\nWEATHER_API_KEY=of-production\nJWT_SECRET_KEY=shared\n',
  );
  const standIns = { WEATHER_API_KEY: 'stand-in', TZ: 'Etc/UTC', EXTRA: 'x' };
  const { values, origins } = compose({
    current,
    sharedFrom,
    standIns,
    answers: { WEATHER_API_KEY: 'typed', FURTHER: 'y' },
    generate: neverAgain,
  });
  assert.equal(values.WEATHER_API_KEY, 'typed');
  assert.equal(values.LOG_LEVEL, 'DEBUG');
  assert.equal(values.TZ, 'Asia/Tokyo');
  assert.equal(values.JWT_SECRET_KEY, 'shared');
  assert.equal(values.EXTRA, 'x');
  assert.equal(values.FURTHER, 'y');
  assert.equal(origins.WEATHER_API_KEY, 'answer');
  assert.equal(compose({ standIns }).origins.WEATHER_API_KEY, 'stand-in');
  assert.equal(compose({ current, sharedFrom, generate: neverAgain }).values.WEATHER_API_KEY, 'mine');
});

test('shared values of the mode that runs are the newer ones', () => {
  const current = parseEnv('LOG_LEVEL=DEBUG\nJWT_SECRET_KEY=a\nWEATHER_API_KEY=mine\n');
  const sharedFrom = parseEnv('LOG_LEVEL=INFO\nJWT_SECRET_KEY=b\nWEATHER_API_KEY=theirs\n');
  const { values } = compose({ current, sharedFrom, isOtherActive: true });
  assert.equal(values.LOG_LEVEL, 'INFO');
  assert.equal(values.JWT_SECRET_KEY, 'b');
  assert.equal(values.WEATHER_API_KEY, 'mine');
});

test('what follows from the mode cannot be set, and this is said; a shared fixed key stays the operator’s', () => {
  const { values, notes } = compose({
    current: parseEnv('DEPLOYMENT_MODE=prodution\nCOMPOSE_PROJECT_NAME=mine\n'),
    answers: { DEPLOYMENT_MODE: 'production' },
  });
  assert.equal(values.DEPLOYMENT_MODE, 'test');
  assert.equal(values.COMPOSE_PROJECT_NAME, 'mine');
  assert.deepEqual(notes, [
    'DEPLOYMENT_MODE follows from the mode: "prodution" becomes "test".',
    'DEPLOYMENT_MODE follows from the mode and cannot be set: "production" is not used.',
  ]);
});

test('the WebSocket address follows the address, and stays when written by hand', () => {
  const answers = { HA_HTTP_URL: 'https://ha.example' };
  assert.equal(compose({ answers }).values.HA_WS_URL, 'wss://ha.example/api/websocket');
  const current = parseEnv('HA_HTTP_URL=http://a:1\nHA_WS_URL=wss://proxy/ws\n');
  assert.equal(compose({ current }).values.HA_WS_URL, 'wss://proxy/ws');
  assert.equal(compose({ current, answers }).values.HA_WS_URL, 'wss://ha.example/api/websocket');
  const wrong = parseEnv('HA_HTTP_URL=http://a:1\nHA_WS_URL=http://a:1\n');
  assert.equal(compose({ current: wrong }).values.HA_WS_URL, 'ws://a:1/api/websocket');
});

test('a line that Compose would refuse becomes a comment, and this is said', () => {
  const { document, notes } = compose({ current: parseEnv('what is this?\nLOG_LEVEL=INFO\n') });
  assert.match(serialiseEnv(document), /^# not readable: what is this\?\nLOG_LEVEL=INFO\n/);
  assert.equal(notes.length, 1);
  assert.ok(!document.lines.some(({ kind }) => kind === 'unreadable'));
});

test('an emptied optional value stays empty, a needed one is filled', () => {
  const { values } = compose({
    current: parseEnv('TZ=\nHA_HTTP_URL=\nJWT_SECRET_KEY=\n'),
    machine: { TZ: 'UTC' },
  });
  assert.equal(values.TZ, '');
  assert.equal(values.HA_HTTP_URL, 'http://home-assistant-test:8123');
  assert.equal(values.JWT_SECRET_KEY, 'random-JWT_SECRET_KEY');
});
