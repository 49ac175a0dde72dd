/** Starting a container and asking its health by hand, on a real engine: the calls that a set-up makes itself, without Compose. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { ExternalError } from '../../src/core/error.ts';
import { createScratchProject, docker, skipWithoutEngine, tinyImage } from '../helpers/engine.ts';

const skip = skipWithoutEngine();
const busybox = '/bin/busybox';

async function open(t: TestContext, purpose: string) {
  const scratch = await createScratchProject(purpose);
  t.after(scratch.remove);
  return { ...scratch, engine: createEngine({ environment: process.env }), signal: t.signal };
}

test('the health command of a container, asked by hand: good, bad, too slow, and none to ask', {
  skip,
}, async t => {
  const { engine, project, run, signal } = await open(t, 'ask');
  // By its words, since the image has no shell; the engine itself would ask for the first time in an hour.
  const isThere = (file: string): readonly string[] => [busybox, 'test', '-f', file];
  const look = async (id: string) => {
    const seen = await engine.container(id);
    assert.ok(seen);
    return seen;
  };
  const withHealth = async (service: string, words: readonly string[], ...options: readonly string[]) => {
    const id = await run(
      service,
      ['sh', '-c', `trap 'exit 0' TERM; while :; do ${busybox} sleep 0.1; done`],
      [
        ...['--volume', `${busybox}:/bin/sh:ro`, '--health-cmd', words.join(' ')],
        ...['--health-interval', '1h', ...options],
      ],
    );
    const seen = await look(id);
    return { id, ask: (asking = signal) => engine.askHealth(seen, asking) };
  };
  const plain = await withHealth('plain', isThere('/ready'));
  assert.equal(await plain.ask(), false);
  await docker(['exec', plain.id, busybox, 'touch', '/ready']);
  assert.equal(await plain.ask(), true);
  assert.equal((await engine.containers(project))[0]?.health, 'starting', 'the engine was not asked');

  const slow = await withHealth('slow', [busybox, 'sleep', '600'], '--health-timeout', '1s');
  assert.equal(await slow.ask(), false);
  const controller = new AbortController();
  const asked = slow.ask(controller.signal);
  const reason = new Error('enough');
  controller.abort(reason);
  await assert.rejects(asked, error => error === reason);

  await engine.stop(plain.id);
  assert.equal(await plain.ask(), undefined);
  const bare = await run('bare', ['sleep', '600'], ['--stop-timeout', '0']);
  assert.equal(await engine.askHealth(await look(bare), signal), undefined);
  const gone = { ...(await look(slow.id)), id: '0'.repeat(64) };
  assert.equal(await engine.askHealth(gone, signal), undefined);
});

test('a container that cannot start: its program is not in the image, its port is taken', {
  skip,
}, async t => {
  const { engine, project } = await open(t, 'words');
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const make = (service: string, options: readonly string[], command: readonly string[]): Promise<string> =>
    docker([
      ...['create', '--name', `${project}-${service}-1`, '--label', `com.docker.compose.project=${project}`],
      ...['--label', `com.docker.compose.service=${service}`, ...options, tinyImage, ...command],
    ]);
  const sleep = [busybox, 'sleep', '600'];
  const failure = async (id: string): Promise<ExternalError> => {
    const thrown: unknown = await engine.start(id).catch((error: unknown) => error);
    assert.ok(thrown instanceof ExternalError, `an ExternalError, not ${thrown}`);
    assert.ok(thrown.nextSteps.length > 0);
    return thrown;
  };
  const missing = await failure(await make('gone', [], ['/bin/nowhere']));
  assert.equal(missing.code, 'program-missing');
  assert.match(missing.message, /cannot start its program: .*\/bin\/nowhere.*no such file/);
  const held = await failure(await make('web', ['--publish', `127.0.0.1:${port}:80`], sleep));
  assert.equal(held.code, 'port-held');
  assert.equal(held.message, `Port ${port} is in use by another program, and web needs it`);
  await new Promise(resolve => server.close(resolve));
  const sleeping = (service: string) => make(service, ['--publish', `127.0.0.1:${port}:80`], sleep);
  await engine.start(await sleeping('holder'));
  const second = await failure(await sleeping('second'));
  assert.equal(second.message, `Port ${port} is in use by another container, and second needs it`);
});
