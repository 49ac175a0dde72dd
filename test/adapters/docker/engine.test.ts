import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createEngine } from '../../../src/adapters/docker/engine.ts';
import { createEngineHttp } from '../../../src/adapters/docker/engine-http.ts';
import { ExternalError } from '../../../src/core/error.ts';
import { sendJson, startFakeEngine } from '../../helpers/fake-engine.ts';
import { until } from '../../helpers/until.ts';

const info = {
  ServerVersion: '24.0.7',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  MemTotal: 8 * 1024 ** 3,
  CgroupVersion: '2',
  CgroupDriver: 'systemd',
  DockerRootDir: '/var/lib/docker',
};

type Options = Parameters<typeof startFakeEngine>[0];

async function startWith(t: TestContext, options: Options) {
  const fake = await startFakeEngine(options);
  t.after(fake.close);
  const environment = { DOCKER_HOST: fake.address, PATH: '' };
  return { fake, environment, engine: createEngine({ environment, cgroupRoot: '/nonexistent' }) };
}

const failure = async (promise: Promise<unknown>): Promise<ExternalError> => {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof ExternalError, `an ExternalError, not ${error}`);
  return error;
};

test('facts, in the API version that the engine speaks, asked for once', async t => {
  const paths: string[] = [];
  const { engine, fake } = await startWith(t, {
    apiVersion: '1.52',
    answer: (request, response) => {
      paths.push(request.url ?? '');
      sendJson(response, info);
    },
  });
  const facts = await engine.facts();
  await engine.facts();
  assert.deepEqual(facts, {
    version: '24.0.7',
    apiVersion: '1.52',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    memoryMiB: 8192,
    cgroupVersion: '2',
    cgroupDriver: 'systemd',
    dataFolder: '/var/lib/docker',
  });
  assert.deepEqual(paths, ['/v1.52/info', '/v1.52/info']);
  assert.equal(fake.requests.filter(request => request === 'GET /_ping').length, 1);
  assert.equal(fake.connections(), 1, 'the connection is kept');
});

test('an engine that is too old is named with its version', async t => {
  const { engine } = await startWith(t, { apiVersion: '1.40' });
  const error = await failure(engine.facts());
  assert.equal(error.message, 'Docker Engine 24.0.7 is too old');
  assert.match(error.hint ?? '', /API 1\.40; homeiq needs 1\.41/);
});

test('another program at the address is no engine', async t => {
  const { engine } = await startWith(t, { ping: (_, response) => void response.end('hello from nginx') });
  const error = await failure(engine.facts());
  assert.match(error.message, /is not a Docker Engine$/);
  assert.match(error.hint ?? '', /hello from nginx/);
});

test('a socket that nobody listens on is an engine that does not run', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-dead-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'docker.sock');
  const engine = createEngine({ environment: { DOCKER_HOST: `unix://${path}`, PATH: folder } });
  await writeFile(join(folder, 'dockerd'), '');
  assert.equal((await failure(engine.facts())).message, 'The Docker Engine is not running');
  // A socket that outlived its engine: moved away while the server closes, which would remove it.
  const server = createNetServer();
  await new Promise<void>(resolve => server.listen(`${path}.live`, resolve));
  await rename(`${path}.live`, path);
  await new Promise(resolve => server.close(resolve));
  const error = await failure(engine.facts());
  assert.equal(error.message, 'The Docker Engine is not running');
  assert.match(error.nextSteps.join('\n'), /systemctl --user start docker/);
  assert.equal(error.status, 'ECONNREFUSED');
});

test('the engine’s own words are passed on', async t => {
  const { engine } = await startWith(t, {
    answer: (_, response) => sendJson(response, { message: 'driver failed' }, 500),
  });
  const error = await failure(engine.facts());
  assert.equal(error.message, 'The Docker Engine refused: driver failed');
  assert.equal(error.status, 500);
  assert.equal(error.command, 'GET /info');
});

test('an engine that does not answer is given up on', async t => {
  const { environment } = await startWith(t, { answer: () => undefined });
  const http = createEngineHttp(environment);
  const error = await failure(http.getJson('/info', { timeoutMs: 30 }));
  assert.match(error.message, /did not answer within 0\.03 s/);
});

test('an answer that stops in the middle is given up on', async t => {
  const { environment } = await startWith(t, { answer: (_, response) => void response.write('{"a":') });
  const http = createEngineHttp(environment);
  const error = await failure(http.getJson('/info', { timeoutMs: 60 }));
  assert.match(error.message, /did not answer within/);
});

test('a stream may be silent for longer than an answer may take', async t => {
  const { environment } = await startWith(t, {
    answer: (_, response) => {
      response.flushHeaders();
      setTimeout(() => response.end('late'), 150);
    },
  });
  const answer = await createEngineHttp(environment).stream('/events', { timeoutMs: 50 });
  const chunks: string[] = [];
  for await (const chunk of answer) chunks.push(String(chunk));
  assert.equal(chunks.join(''), 'late');
});

test('an answer without end is cut off', async t => {
  const { engine } = await startWith(t, {
    answer: (_, response) => {
      const block = Buffer.alloc(1024 * 1024, 32);
      const more = (): void => {
        while (!response.destroyed && response.write(block));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  });
  assert.match((await failure(engine.facts())).message, /more than can be right/);
});

test('an answer that is no JSON is said to be none', async t => {
  const { engine } = await startWith(t, { answer: (_, response) => void response.end('<html>') });
  assert.match((await failure(engine.facts())).message, /not JSON/);
});

test('aborting rejects with the signal’s reason and frees the connection', async t => {
  const { engine, fake } = await startWith(t, { answer: () => undefined });
  const controller = new AbortController();
  const asked = engine.facts(controller.signal);
  await until(() => fake.requests.includes('GET /info'));
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(asked, error => error === reason);
});

test('a kept connection that the engine closed meanwhile is not taken for a dead engine', async t => {
  const { engine, fake } = await startWith(t, { answer: (_, response) => sendJson(response, info) });
  await engine.facts();
  fake.dropConnections();
  assert.equal((await engine.facts()).version, '24.0.7');
});

test('after the engine was away its version is asked for again', async t => {
  let apiVersion = '1.43';
  const { engine, fake } = await startWith(t, {
    ping: (_, response) => {
      response.writeHead(200, { 'api-version': apiVersion }).end('OK');
    },
    answer: (request, response) => {
      if (apiVersion === 'down') request.socket.destroy();
      else sendJson(response, info);
    },
  });
  await engine.facts();
  apiVersion = 'down';
  fake.dropConnections();
  await failure(engine.facts());
  apiVersion = '1.44';
  assert.equal((await engine.facts()).apiVersion, '1.44');
});

test('containers are asked for by label, and one that goes away meanwhile is left out', async t => {
  const { engine, fake } = await startWith(t, {
    answer: (_, response, path) => {
      if (path.startsWith('/containers/json')) sendJson(response, [{ Id: 'aaa' }, { Id: 'bbb' }]);
      else if (path === '/containers/aaa/json') {
        sendJson(response, {
          Id: 'aaa',
          Name: '/homeiq-data-api-1',
          Image: 'sha256:1',
          State: { Status: 'created', StartedAt: '0001-01-01T00:00:00Z', ExitCode: 0 },
          Config: { Image: 'data-api:1', Env: null, Labels: null },
        });
      } else sendJson(response, { message: 'No such container' }, 404);
    },
  });
  const containers = await engine.containers('homeiq');
  assert.deepEqual(
    containers.map(({ name, state, exitCode, startedAt }) => ({ name, state, exitCode, startedAt })),
    [{ name: 'homeiq-data-api-1', state: 'created', exitCode: undefined, startedAt: undefined }],
  );
  const list = decodeURIComponent(fake.requests.find(request => request.includes('/containers/json')) ?? '');
  assert.equal(list, 'GET /containers/json?all=1&filters={"label":["com.docker.compose.project=homeiq"]}');
});

test('events are filtered by the server, survive cut chunks, and end when the engine goes', async t => {
  const line = JSON.stringify({
    Action: 'health_status: unhealthy',
    Actor: { ID: 'aaa', Attributes: { 'com.docker.compose.service': 'data-api' } },
    timeNano: 1_700_000_000_500_000_000,
  });
  const { engine, fake } = await startWith(t, {
    answer: (_, response) => {
      response.write(line.slice(0, 20));
      setImmediate(() => {
        response.write(`${line.slice(20)}\n{"Action":"exec_start: x","Actor":{"ID":"a"}}\n`);
        setImmediate(() => response.destroy());
      });
    },
  });
  const seen = [];
  for await (const event of engine.events('homeiq', new AbortController().signal)) seen.push(event);
  assert.deepEqual(seen, [
    {
      action: 'health',
      containerId: 'aaa',
      service: 'data-api',
      health: 'unhealthy',
      exitCode: undefined,
      atMs: 1_700_000_000_500,
    },
  ]);
  const asked = new URL(fake.requests.at(-1)?.slice('GET '.length) ?? '', 'http://docker');
  const filters = JSON.parse(asked.searchParams.get('filters') ?? '{}');
  assert.deepEqual(filters.label, ['com.docker.compose.project=homeiq']);
  assert.ok(filters.event.includes('oom') && !filters.event.some((name: string) => name.startsWith('exec')));
  const sinceMs = Number(asked.searchParams.get('since')) * 1000;
  assert.ok(Math.abs(sinceMs - Date.now()) < 60_000);
});

test('events of an engine that is not there throw', async () => {
  const engine = createEngine({ environment: { DOCKER_HOST: 'unix:///nonexistent/docker.sock', PATH: '' } });
  await assert.rejects(async () => {
    for await (const _ of engine.events('homeiq', new AbortController().signal)) assert.fail('nothing comes');
  }, ExternalError);
});

test('events end quietly when they are aborted', async t => {
  const { engine, fake } = await startWith(t, { answer: (_, response) => response.flushHeaders() });
  const controller = new AbortController();
  const ended = (async () => {
    for await (const _ of engine.events('homeiq', controller.signal)) assert.fail('nothing comes');
  })();
  await until(() => fake.requests.some(request => request.startsWith('GET /events')));
  controller.abort();
  await ended;
});

test('usage falls back to one sample of the engine’s statistics', async t => {
  const { engine, fake } = await startWith(t, {
    answer: (_, response, path) => {
      if (path === '/info') sendJson(response, info);
      else if (path.startsWith('/containers/gone')) sendJson(response, { message: 'No such container' }, 404);
      else if (path.startsWith('/containers/stopped')) sendJson(response, { memory_stats: {} });
      else {
        const limit = path.startsWith('/containers/free') ? info.MemTotal : 64 * 1024 ** 2;
        sendJson(response, {
          read: '2026-01-01T00:00:00.5Z',
          memory_stats: { usage: 30 * 1024 ** 2, limit, stats: { inactive_file: 10 * 1024 ** 2 } },
          cpu_stats: { cpu_usage: { total_usage: 1234 } },
        });
      }
    },
  });
  const usage = await engine.usage([{ id: 'free' }, { id: 'bound' }, { id: 'gone' }, { id: 'stopped' }]);
  const sampledAtMs = Date.parse('2026-01-01T00:00:00.5Z');
  assert.deepEqual(Object.fromEntries(usage), {
    free: { memoryMiB: 20, limitMiB: undefined, cpuNs: 1234, sampledAtMs },
    bound: { memoryMiB: 20, limitMiB: 64, cpuNs: 1234, sampledAtMs },
  });
  assert.ok(fake.requests.includes('GET /containers/free/stats?stream=false&one-shot=true'));
});

test('images by reference, those that are missing left out', async t => {
  const { engine, fake } = await startWith(t, {
    answer: (_, response, path) => {
      if (path.startsWith('/images/ghcr')) sendJson(response, { Id: 'sha256:1' });
      else sendJson(response, { message: 'no such image' }, 404);
    },
  });
  const reference = 'ghcr.example/a/b:1';
  assert.deepEqual(await engine.images([reference, 'nope:2', reference]), new Map([[reference, 'sha256:1']]));
  assert.ok(fake.requests.includes('GET /images/ghcr.example/a/b%3A1/json'));
});

test('an import that fails after its header is a failure', async t => {
  const received: Buffer[] = [];
  const { engine } = await startWith(t, {
    answer: (request, response) => {
      request.on('data', (chunk: Buffer) => received.push(chunk));
      request.on('end', () => response.end('{"status":"x"}\n{"error":"no space left on device"}\n'));
    },
  });
  async function* tar() {
    yield Buffer.from('one');
    yield Buffer.from('two');
  }
  const error = await failure(engine.importImage('homeiq-sandbox/base:1', tar()));
  assert.match(error.tail ?? '', /no space left/);
  assert.equal(Buffer.concat(received).toString(), 'onetwo');
});

test('a tar that cannot be read ends the import', async t => {
  const { engine } = await startWith(t, {
    answer: request => void request.resume(),
  });
  // biome-ignore lint/correctness/useYield: it fails before it has anything to give
  async function* tar(): AsyncGenerator<Uint8Array> {
    throw new Error('unreadable');
  }
  await assert.rejects(engine.importImage('x:1', tar()), /unreadable/);
});

test('a tag goes where its repository ends, also behind a registry with a port', async t => {
  const { engine, fake } = await startWith(t, {
    answer: (_, response) => void response.writeHead(201).end(),
  });
  await engine.tagImage('sha256:1', '127.0.0.1:5000/a/b:2');
  await engine.tagImage('sha256:1', 'plain');
  assert.deepEqual(fake.requests.filter(request => request.startsWith('POST')).map(decodeURIComponent), [
    'POST /images/sha256:1/tag?repo=127.0.0.1:5000/a/b&tag=2',
    'POST /images/sha256:1/tag?repo=plain&tag=latest',
  ]);
});
