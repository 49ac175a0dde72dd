import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCompose } from '../../../src/adapters/docker/compose.ts';
import { ExternalError } from '../../../src/core/error.ts';
import type { ComposeProgress, ComposeTarget } from '../../../src/ports/compose.ts';
import { createFakeProcess, type FakeCall } from '../../helpers/fake-process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const target: ComposeTarget = {
  folder: '/nonexistent/homeiq',
  project: 'homeiq',
  files: ['/a/compose.yaml', '/a/compose.override.yaml'],
  environment: undefined,
};
const environment = {
  PATH: '/usr/bin',
  HOME: '/home/pat',
  DOCKER_HOST: 'unix:///x',
  COMPOSE_PROFILES: 'production',
  COMPOSE_PROJECT_NAME: 'other',
  INFLUXDB_TOKEN: 'of another deployment',
  DOCKER_INFLUXDB_INIT_MODE: 'setup',
};

const isVersion = ({ args }: FakeCall): boolean => args.includes('version');
const missing = (file: string): never => {
  throw new ExternalError(`${file} was not found`, { status: 'ENOENT' });
};

function composeOf(answer: Parameters<typeof createFakeProcess>[0], version = '5.6.0') {
  const fake = createFakeProcess(call => (isVersion(call) ? { stdout: `${version}\n` } : answer(call)));
  return { compose: createCompose({ environment, run: fake.run }), calls: fake.calls };
}

test('the version is asked for once', async () => {
  const { compose, calls } = composeOf(() => ({}), 'v2.26.1-4');
  assert.equal(await compose.version(), '2.26.1');
  assert.equal(await compose.version(), '2.26.1');
  assert.equal(calls.length, 1);
});

test('without the plugin the standalone program is used', async () => {
  const fake = createFakeProcess(({ file, args }) => {
    if (file === 'docker') return { exitCode: 1, stderr: "'compose' is not a docker command" };
    return args.includes('version') ? { stdout: '2.27.0' } : { stdout: '{"services":{}}' };
  });
  const compose = createCompose({ environment, run: fake.run });
  assert.equal(await compose.version(), '2.27.0');
  await compose.resolve(target);
  assert.equal(fake.calls.at(-1)?.file, 'docker-compose');
  assert.notEqual(fake.calls.at(-1)?.args[0], 'compose');
});

test('no Compose at all, or too old a one, says how to get it', async () => {
  const none = createCompose({ environment, run: createFakeProcess(({ file }) => missing(file)).run });
  await assert.rejects(none.version(), (error: unknown) => {
    assert.ok(error instanceof ExternalError);
    assert.equal(error.message, 'Docker Compose is not installed');
    assert.match(error.nextSteps.join('\n'), /docker-compose-plugin/);
    return true;
  });
  const { compose } = composeOf(() => ({}), '2.19.9');
  await assert.rejects(compose.version(), (error: unknown) => {
    assert.ok(error instanceof ExternalError);
    assert.equal(error.message, 'Docker Compose is too old');
    assert.match(error.hint ?? '', /2\.19\.9.*2\.20 or newer/);
    return true;
  });
});

test('a Compose that was installed meanwhile is found', async () => {
  let isInstalled = false;
  const fake = createFakeProcess(({ file }) => (isInstalled ? { stdout: '2.40.3' } : missing(file)));
  const compose = createCompose({ environment, run: fake.run });
  await assert.rejects(compose.version());
  isInstalled = true;
  assert.equal(await compose.version(), '2.40.3');
});

test('nothing of the operator’s shell reaches Compose but the way to Docker', async () => {
  const { compose, calls } = composeOf(() => ({ stdout: '{}' }));
  await compose.resolve(target);
  for (const { options } of calls) {
    const { GOGC, ...given } = options.env ?? {};
    assert.deepEqual(given, { PATH: '/usr/bin', HOME: '/home/pat', DOCKER_HOST: 'unix:///x' });
  }
});

test('the model: every profile, one dollar for two, at any depth', async () => {
  const model = { services: { a: { environment: { P: 'a$$b$$$$' }, command: ['$$x'], tty: true, n: null } } };
  const { compose, calls } = composeOf(() => ({ stdout: JSON.stringify(model) }));
  assert.deepEqual(await compose.resolve(target), {
    services: { a: { environment: { P: 'a$b$$' }, command: ['$x'], tty: true, n: null } },
  });
  assert.deepEqual(calls.at(-1)?.args, [
    'compose',
    '--project-directory',
    '/nonexistent/homeiq',
    '--project-name',
    'homeiq',
    '--file',
    '/a/compose.yaml',
    '--file',
    '/a/compose.override.yaml',
    '--profile',
    '*',
    'config',
    '--format',
    'json',
  ]);
});

test('given values go into the environment, never onto the command line, and the folder’s .env is left alone', async () => {
  const { compose, calls } = composeOf(() => ({ stdout: '{}' }));
  await compose.resolve({ ...target, environment: { INFLUXDB_TOKEN: 'hunter2', COMPOSE_PROFILES: 'test' } });
  const call = calls.at(-1);
  assert.equal(call?.options.env?.INFLUXDB_TOKEN, 'hunter2');
  assert.equal(call?.options.env?.COMPOSE_PROFILES, 'test');
  assert.doesNotMatch(call?.args.join(' ') ?? '', /hunter2/);
  assert.equal(call?.args[(call?.args.indexOf('--env-file') ?? 0) + 1], '/dev/null');
});

test('hashes are asked for without the model, which can be asked for at the same time', async () => {
  const { compose, calls } = composeOf(() => ({ stdout: 'a 111\n' }));
  assert.deepEqual(await compose.hashes(target), new Map([['a', '111']]));
  assert.equal(calls.length, 2, 'the version and the hashes');
  assert.ok(calls.at(-1)?.args.join(' ').includes('--file /a/compose.override.yaml --profile *'));
  assert.equal(calls.at(-1)?.options.input, undefined);
});

test('of an older Compose, hashes are those of the resolved model', async () => {
  const { compose, calls } = composeOf(
    ({ args }) => (args.includes('--hash') ? { stdout: 'a 111\nb 222\n' } : { stdout: 'services: {}\n' }),
    '2.26.1',
  );
  assert.deepEqual(
    await compose.hashes(target),
    new Map([
      ['a', '111'],
      ['b', '222'],
    ]),
  );
  assert.equal(calls.at(-1)?.options.input, 'services: {}\n');
  assert.ok(calls.at(-1)?.args.join(' ').includes('--file - --profile *'));
});

test('what was just asked is not asked again, in the process that it is handed to neither', async t => {
  const folder = temporaryFolder(t);
  const secret = 'hunter2';
  const values = { INFLUXDB_TOKEN: secret, LOG_LEVEL: 'info' };
  const file = join(folder, 'compose.yaml');
  writeFileSync(file, 'services: {}');
  const own: ComposeTarget = { ...target, folder, files: [file], environment: values };
  const answer = ({ args }: FakeCall) =>
    args.includes('--hash') ? { stdout: 'a 111' } : { stdout: `{"services":{},"x":"${secret}"}` };
  const { compose, calls } = composeOf(answer);
  await Promise.all([compose.resolve(own), compose.resolve(own), compose.hashes(own)]);
  await compose.hashes(own);
  assert.equal(calls.length, 3, 'the version, the model and the hashes');
  const answers = await compose.answers();
  assert.equal(answers.length, 3, 'the same three');
  for (const { key } of answers) assert.match(key, /^[0-9a-f]{64}$/);

  const fake = createFakeProcess(call => (isVersion(call) ? { stdout: '5.6.0' } : answer(call)));
  const handed = createCompose({ environment, run: fake.run, answers });
  // The order of the values says nothing to Compose.
  await handed.resolve({ ...own, environment: { LOG_LEVEL: 'info', INFLUXDB_TOKEN: secret } });
  assert.deepEqual(await handed.hashes(own), new Map([['a', '111']]));
  assert.equal(fake.calls.length, 0);
  await handed.resolve({ ...own, environment: { ...values, LOG_LEVEL: 'debug' } });
  await handed.resolve({ ...own, environment: undefined });
  writeFileSync(join(folder, 'a.env'), 'A=1');
  await handed.resolve(own);
  assert.equal(fake.calls.filter(call => !isVersion(call)).length, 3, 'another question each time');
});

test('what failed is asked again, and not handed on', async () => {
  let exitCode = 1;
  const { compose, calls } = composeOf(() => ({ exitCode, stdout: '{}' }));
  await assert.rejects(compose.resolve(target));
  assert.equal((await compose.answers()).length, 1, 'the version');
  exitCode = 0;
  await compose.resolve(target);
  assert.equal(calls.filter(call => !isVersion(call)).length, 2);
});

test('up neither builds nor pulls nor removes, and names services without their dependencies', async () => {
  const { compose, calls } = composeOf(() => ({}));
  await compose.up(target, 'profile');
  await compose.up(target, ['a', 'b']);
  const tails = calls.slice(1).map(({ args }) => args.slice(args.indexOf('up')).join(' '));
  assert.deepEqual(tails, [
    'up --detach --no-build --pull never --remove-orphans=false',
    'up --detach --no-build --pull never --remove-orphans=false --no-deps a b',
  ]);
});

test('no services are nothing to do, not all of them', async () => {
  const { compose, calls } = composeOf(() => ({}));
  await compose.up(target, []);
  await compose.stop(target, []);
  await compose.remove(target, []);
  await compose.build(target, []);
  assert.equal(calls.length, 0);
});

test('progress is asked for as JSON until that is refused', async () => {
  const told: ComposeProgress[] = [];
  const { compose, calls } = composeOf(({ args }) =>
    args.includes('json')
      ? { exitCode: 1, stderr: 'unsupported --progress value "json"\n' }
      : { stderr: ' Container homeiq-a-1  Started\n' },
  );
  await compose.up(target, ['a'], { onProgress: progress => told.push(progress) });
  assert.deepEqual(told, [{ text: 'Container homeiq-a-1 Started', service: 'a', phase: 'started' }]);
  await compose.stop(target, ['a']);
  assert.deepEqual(
    calls.slice(1).map(({ args }) => args.includes('json')),
    [true, false, false],
  );
});

test('a failure carries the last lines and the command', async () => {
  const { compose } = composeOf(() => ({
    exitCode: 1,
    stderr:
      '{"id":"Container homeiq-a-1","status":"Working","text":"Starting"}\n{"error":true,"message":"Error response from daemon: Bind for 127.0.0.1:8006 failed: port is already allocated"}\n',
  }));
  await assert.rejects(compose.up(target, 'profile'), (error: unknown) => {
    assert.ok(error instanceof ExternalError);
    assert.equal(error.code, 'port-held');
    assert.equal(error.status, 1);
    assert.match(error.command ?? '', /^docker compose .* up --detach/);
    assert.match(error.tail ?? '', /Container homeiq-a-1 Starting\nError response/);
    return true;
  });
});

test('of the many lines of a download only some are told', async () => {
  const layer = (current: number) =>
    JSON.stringify({
      id: '1348d0c77ad5',
      parent_id: 'Image x',
      status: 'Working',
      text: 'Downloading',
      current,
      total: 1000,
    });
  const lines = Array.from({ length: 500 }, (_, index) => layer(index));
  const { compose } = composeOf(() => ({
    stderr: [...lines, '{"id":"Image x","text":"Pulled"}'].join('\n'),
  }));
  const told: string[] = [];
  await compose.up(target, ['a'], { onProgress: ({ text }) => told.push(text) });
  assert.ok(told.length < 20);
  assert.equal(told.at(-1), 'Image x Pulled');
});
