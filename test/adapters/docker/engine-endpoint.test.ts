import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findEndpoint } from '../../../src/adapters/docker/engine-endpoint.ts';
import { UserError } from '../../../src/core/error.ts';

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'homeiq-docker-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const digestOf = (name: string): string => createHash('sha256').update(name).digest('hex');
const metaOf = (host: string): string => JSON.stringify({ Name: 'x', Endpoints: { docker: { Host: host } } });

test('DOCKER_HOST in its forms', async () => {
  const at = (host: string) => findEndpoint({ DOCKER_HOST: host });
  assert.deepEqual(await at('unix:///a/b.sock'), { kind: 'unix', socketPath: '/a/b.sock' });
  assert.deepEqual(await at('tcp://nuc:2375'), { kind: 'tcp', host: 'nuc', port: 2375, tls: undefined });
  assert.deepEqual(await at('tcp://nuc'), { kind: 'tcp', host: 'nuc', port: 2375, tls: undefined });
  assert.deepEqual(await at('tcp://[fd00::1]:99'), {
    kind: 'tcp',
    host: 'fd00::1',
    port: 99,
    tls: undefined,
  });
});

test('an address that cannot be used says what to do instead', async () => {
  await assert.rejects(findEndpoint({ DOCKER_HOST: 'ssh://nuc' }), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /ssh:\/\/nuc \(from DOCKER_HOST\)/);
    assert.match(error.nextSteps.join(), /Run homeiq on that machine/);
    return true;
  });
  await assert.rejects(findEndpoint({ DOCKER_HOST: 'nonsense' }), UserError);
});

test('DOCKER_TLS_VERIFY brings the certificates and the other port', async t => {
  const folder = await folderWith(t, { 'ca.pem': 'CA', 'cert.pem': 'CERT' });
  const endpoint = await findEndpoint({
    DOCKER_HOST: 'tcp://nuc',
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: folder,
  });
  assert.deepEqual(endpoint, {
    kind: 'tcp',
    host: 'nuc',
    port: 2376,
    tls: { ca: Buffer.from('CA'), certificate: Buffer.from('CERT'), key: undefined, isVerified: true },
  });
});

test('the current context of the client’s configuration', async t => {
  const folder = await folderWith(t, {
    'config.json': '{"currentContext":"nuc"}',
    [`contexts/meta/${digestOf('nuc')}/meta.json`]: metaOf('unix:///run/nuc.sock'),
    [`contexts/meta/${digestOf('other')}/meta.json`]: metaOf('tcp://other:1'),
    [`contexts/tls/${digestOf('other')}/docker/ca.pem`]: 'CA',
  });
  assert.deepEqual(await findEndpoint({ DOCKER_CONFIG: folder }), {
    kind: 'unix',
    socketPath: '/run/nuc.sock',
  });
  assert.deepEqual(
    await findEndpoint({ HOME: '/nonexistent', DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'other' }),
    {
      kind: 'tcp',
      host: 'other',
      port: 1,
      tls: { ca: Buffer.from('CA'), certificate: undefined, key: undefined, isVerified: true },
    },
  );
  await assert.rejects(
    findEndpoint({ DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'gone' }),
    /The Docker context gone does not exist/,
  );
});

test('the configuration is looked for in the home folder', async t => {
  const home = await folderWith(t, {
    '.docker/config.json': '{"currentContext":"nuc"}',
    [`.docker/contexts/meta/${digestOf('nuc')}/meta.json`]: metaOf('unix:///run/nuc.sock'),
  });
  assert.deepEqual(await findEndpoint({ HOME: home }), { kind: 'unix', socketPath: '/run/nuc.sock' });
});

test('a configuration that is no JSON is named', async t => {
  const folder = await folderWith(t, { 'config.json': '{' });
  await assert.rejects(findEndpoint({ DOCKER_CONFIG: folder }), /config\.json is not valid JSON/);
});

test('without any of these: the usual socket, or the one of a rootless engine', async t => {
  const folder = await folderWith(t, {});
  const usual = { kind: 'unix', socketPath: '/var/run/docker.sock' } as const;
  assert.deepEqual(await findEndpoint({ HOME: folder }), usual);
  assert.deepEqual(await findEndpoint({ HOME: folder, DOCKER_CONTEXT: 'default' }), usual);
  const server = createServer();
  t.after(() => server.close());
  const socketPath = join(folder, 'docker.sock');
  await new Promise<void>(resolve => server.listen(socketPath, resolve));
  assert.deepEqual(
    await findEndpoint({ HOME: folder, XDG_RUNTIME_DIR: folder }, join(folder, 'nonexistent.sock')),
    { kind: 'unix', socketPath },
  );
});
