/** The stand-in of curl, wget and python, by the names that health checks call it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runProcess } from '../../src/adapters/process/run-process.ts';
import { printingCommand } from '../../src/core/health/printing-command.ts';
import { freePort } from '../helpers/influxd.ts';
import { sandboxFolder } from './stand-in-bundle.ts';

let folder: string;
let url: string;
const server = createServer((request, response) => {
  const status = Number(/\d{3}/.exec(request.url ?? '')?.[0] ?? 200);
  response.writeHead(status);
  response.end(`{"path":"${request.url}"}`);
});

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeiq-probe-'));
  for (const name of ['curl', 'wget', 'python', 'python3']) {
    await symlink(join(sandboxFolder, 'base', 'probe.sh'), join(folder, name));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(name: string, ...args: readonly string[]): Promise<readonly [number | undefined, string]> {
  const { exitCode, stdout } = await runProcess(join(folder, name), args, { timeoutMs: 20_000 });
  return [exitCode, stdout];
}

describe('the stand-in of curl', () => {
  it('fails on an error only when it is asked to', async () => {
    assert.deepEqual(await run('curl', '-fsS', '-o', '/dev/null', `${url}/health`), [0, '']);
    assert.deepEqual(await run('curl', '-fsS', '-o', '/dev/null', `${url}/503`), [22, '']);
    assert.deepEqual(await run('curl', '--fail', '--silent', `${url}/503`), [22, '']);
    assert.deepEqual(await run('curl', '-s', '-o', '/dev/null', `${url}/503`), [0, '']);
  });

  it('prints the body and the status', async () => {
    assert.deepEqual(await run('curl', '-sf', `${url}/health`), [0, '{"path":"/health"}\n']);
    assert.deepEqual(await run('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', `${url}/401`), [
      0,
      '401',
    ]);
    assert.deepEqual(await run('curl', '-so', '/dev/null', '-w%{http_code}', url), [0, '200']);
  });

  it('exits 7 when nothing listens', async () => {
    const port = await freePort();
    const args = ['-s', '-o', '/dev/null', '-w', '%{http_code}', `http://127.0.0.1:${port}/`];
    assert.deepEqual(await run('curl', ...args), [7, '000']);
  });

  it('exits 28 when no answer comes in time', async () => {
    const silent = createTcpServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    assert.deepEqual(await run('curl', '-fs', '--max-time', '1', `http://127.0.0.1:${port}/`), [28, '']);
    silent.close();
  });

  it('says that it does nothing else', async () => {
    assert.deepEqual(await run('curl', '-s', 'https://127.0.0.1/'), [2, '']);
  });
});

describe('the stand-in of wget', () => {
  it('exits 8 on an error and 4 when nothing listens', async () => {
    assert.deepEqual(await run('wget', '-q', '--spider', `${url}/health`), [0, '']);
    assert.deepEqual(await run('wget', '-q', '--spider', `${url}/500`), [8, '']);
    assert.deepEqual(await run('wget', '-q', '-O', '/dev/null', `${url}/health`), [0, '']);
    assert.deepEqual(await run('wget', '-qO-', `${url}/health`), [0, '{"path":"/health"}\n']);
    assert.deepEqual(await run('wget', '-q', '--spider', `http://127.0.0.1:${await freePort()}/`), [4, '']);
  });
});

describe('the stand-in of python', () => {
  it('finds the address in the program it is given', async () => {
    const program = (path: string) =>
      `import urllib.request; urllib.request.urlopen('${url}${path}', timeout=5)`;
    assert.deepEqual(await run('python', '-c', program('/health')), [0, '']);
    assert.deepEqual(await run('python3', '-c', program('/health')), [0, '']);
    assert.deepEqual(await run('python', '-c', program('/503')), [1, '']);
    assert.deepEqual(await run('python', '-c', 'print(1)'), [2, '']);
  });
});

describe('a health command that prints what it is answered', () => {
  const asked: Readonly<Record<string, (path: string) => readonly string[]>> = {
    curl: path => ['/bin/sh', '-c', `curl -fsS -o /dev/null ${url}${path} || exit 1`],
    python3: path => ['python3', '-c', `import urllib.request; urllib.request.urlopen('${url}${path}')`],
  };
  for (const [tool, words] of Object.entries(asked)) {
    const print = async (path: string, realTool: boolean): Promise<string> => {
      const [name = '', ...args] = printingCommand(words(path)) ?? [];
      assert.equal(name, tool);
      return (await runProcess(realTool ? name : join(folder, name), args, { timeoutMs: 20_000 })).stdout;
    };
    it(`${tool}: the answer and its status, also when that is an error`, async () => {
      assert.match(await print('/health', false), /^\{"path":"\/health"\}\n+200\n$/);
      assert.match(await print('/503', false), /^\{"path":"\/503"\}\n+503\n$/);
    });
    const hasTool = spawnSync(tool, ['--version']).status === 0;
    it(`${tool} of this machine does the same`, { skip: !hasTool && `no ${tool} here` }, async () => {
      assert.match(await print('/health', true), /^\{"path":"\/health"\}\n+200\n$/);
      assert.match(await print('/503', true), /^\{"path":"\/503"\}\n+503\n$/);
    });
  }

  it('what has no such tool, or asks no address of its own, prints nothing', () => {
    assert.equal(printingCommand(['/bin/check', '--quick']), undefined);
    assert.equal(printingCommand(['wget', '-q', '--spider', 'http://127.0.0.1:80/']), undefined);
    assert.equal(printingCommand(['curl', '-f', 'http://elsewhere.example/health']), undefined);
  });
});
