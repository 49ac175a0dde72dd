/** The Engine adapter against a real engine: what containers do is what it tells. */

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createEngine } from '../../src/adapters/docker/engine.ts';
import { createHost } from '../../src/adapters/host/host.ts';
import type { Engine, EngineEvent, LogLine } from '../../src/ports/engine.ts';
import {
  createScratchProject,
  docker,
  type ScratchProject,
  skipWithoutEngine,
  tinyImage,
} from '../helpers/engine.ts';
import { until } from '../helpers/until.ts';

const skip = skipWithoutEngine();
const busybox = '/bin/busybox';

async function start(t: TestContext, purpose: string) {
  const scratch: ScratchProject = await createScratchProject(purpose);
  t.after(scratch.remove);
  const controller = new AbortController();
  t.after(() => controller.abort());
  return { ...scratch, engine: createEngine({ environment: process.env }), signal: controller.signal };
}

async function collect<Value>(values: AsyncIterable<Value>): Promise<readonly Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** The list alone says the same, as far as it goes. */
async function assertSameAtGlance(engine: Engine, project: string): Promise<void> {
  const whole = await engine.containers(project);
  assert.deepEqual(
    await engine.glance(project),
    whole.map(({ id, name, service, state, health, exitCode }) => ({
      id,
      name,
      service,
      state,
      health,
      exitCode,
    })),
  );
}

test('facts agree with the docker command', { skip }, async () => {
  const facts = await createEngine({ environment: process.env }).facts();
  const said = await docker([
    'info',
    '--format',
    '{{.ServerVersion}} {{.CgroupVersion}} {{.CgroupDriver}} {{.DockerRootDir}}',
  ]);
  assert.equal(`${facts.version} ${facts.cgroupVersion} ${facts.cgroupDriver} ${facts.dataFolder}`, said);
  assert.ok(facts.memoryMiB > 500);
});

test('a life of a container: events in order, and what is listed afterwards', { skip }, async t => {
  const { engine, project, run, signal } = await start(t, 'life');
  const seen: EngineEvent[] = [];
  // Called but not read yet: nothing that happens from here on may be missed.
  const events = engine.events(project, signal);
  const id = await run('job', ['sh', '-c', 'exit 7'], ['--restart', 'no', '--env', 'A=b=c']);
  void (async () => {
    for await (const event of events) seen.push(event);
  })();
  await until(() => seen.some(event => event.action === 'die'));
  assert.deepEqual(
    seen.map(({ action, service, exitCode }) => [action, service, exitCode]),
    [
      ['create', 'job', undefined],
      ['start', 'job', undefined],
      ['die', 'job', 7],
    ],
  );
  assert.ok(seen.every(event => event.containerId === id && Math.abs(event.atMs - Date.now()) < 60_000));
  const [container, ...others] = await engine.containers(project);
  assert.equal(others.length, 0);
  assert.deepEqual(
    {
      id: container?.id,
      name: container?.name,
      service: container?.service,
      state: container?.state,
      health: container?.health,
      exitCode: container?.exitCode,
      restartCount: container?.restartCount,
      image: container?.image,
    },
    {
      id,
      name: `${project}-job-1`,
      service: 'job',
      state: 'exited',
      health: 'none',
      exitCode: 7,
      restartCount: 0,
      image: tinyImage,
    },
  );
  assert.equal(container?.environment.A, 'b=c');
  await assertSameAtGlance(engine, project);
  const all = await engine.containers(undefined);
  assert.ok(all.some(each => each.id === id));
  assert.deepEqual(await engine.container(id), container);
  assert.equal(await engine.container('0'.repeat(64)), undefined);
});

test('health, as an event and in the list', { skip }, async t => {
  const { engine, project, run, signal } = await start(t, 'health');
  const seen: EngineEvent[] = [];
  void (async () => {
    for await (const event of engine.events(project, signal)) seen.push(event);
  })();
  await run(
    'db',
    ['sleep', '600'],
    ['--stop-timeout', '0', '--health-cmd', `${busybox} true`, '--health-interval', '1s'],
  );
  const healthOf = async () => (await engine.containers(project))[0]?.health;
  // The image has no shell at /bin/sh, so the check fails: that is a health as well.
  await until(async () => (await healthOf()) !== 'starting', { timeoutMs: 30_000 });
  const health = await healthOf();
  await until(() => seen.some(event => event.action === 'health' && event.health === health));
  await assertSameAtGlance(engine, project);
});

test('stop, start and restart', { skip }, async t => {
  const { engine, project, run } = await start(t, 'act');
  const id = await run('a', ['sleep', '600'], ['--stop-timeout', '0']);
  const startedAt = async () => (await engine.containers(project))[0]?.startedAt;
  const first = await startedAt();
  await engine.restart(id);
  assert.notEqual(await startedAt(), first);
  await engine.stop(id);
  assert.equal((await engine.containers(project))[0]?.state, 'exited');
  await assertSameAtGlance(engine, project);
  await engine.stop(id);
  await engine.start(id);
  assert.equal((await engine.containers(project))[0]?.state, 'running');
  await assertSameAtGlance(engine, project);
  await assert.rejects(engine.start('0'.repeat(64)), /No such container/);
});

test('logs of both streams, in order within each, with a tail, and as they come', { skip }, async t => {
  const { engine, run, signal } = await start(t, 'logs');
  const script = `echo one; echo bad >&2; echo 'zwei ünïcode'; ${busybox} sleep 0.2; echo three`;
  const id = await run('a', ['sh', '-c', script]);
  const followed = await collect(engine.logs(id, { tail: 100, follow: true, signal }));
  const textsOf = (lines: readonly LogLine[], stream: string) =>
    lines.filter(line => line.stream === stream).map(line => line.text);
  assert.deepEqual(textsOf(followed, 'stdout'), ['one', 'zwei ünïcode', 'three']);
  assert.deepEqual(textsOf(followed, 'stderr'), ['bad']);
  assert.ok(followed.every(line => Math.abs(Date.parse(line.at ?? '') - Date.now()) < 60_000));
  const last = await collect(engine.logs(id, { tail: 1, follow: false, signal }));
  assert.deepEqual(textsOf(last, 'stdout'), ['three']);
});

test('logs of a container with a terminal', { skip }, async t => {
  const { engine, run, signal } = await start(t, 'tty');
  const id = await run('a', ['sh', '-c', 'echo one; echo two'], ['--tty']);
  const lines = await collect(engine.logs(id, { tail: 100, follow: true, signal }));
  assert.deepEqual(
    lines.map(line => line.text),
    ['one', 'two'],
  );
});

test('a line longer than the engine’s own pieces comes as one', { skip }, async t => {
  const { engine, run, signal } = await start(t, 'long');
  const script = `${busybox} head -c 40000 /dev/zero | ${busybox} tr '\\0' x; echo`;
  const id = await run('a', ['sh', '-c', script]);
  const lines = await collect(engine.logs(id, { tail: 10, follow: true, signal }));
  assert.deepEqual(
    lines.map(line => line.text.length),
    [40000],
  );
});

test('following ends when the container goes, and when it is aborted', { skip }, async t => {
  const { engine, run } = await start(t, 'follow');
  const id = await run('a', ['sh', '-c', `echo on; exec ${busybox} sleep 600`], ['--stop-timeout', '0']);
  const controller = new AbortController();
  for await (const line of engine.logs(id, { tail: 10, follow: true, signal: controller.signal })) {
    assert.equal(line.text, 'on');
    controller.abort();
  }
  const signal = new AbortController().signal;
  for await (const line of engine.logs(id, { tail: 10, follow: true, signal })) {
    assert.equal(line.text, 'on');
    await docker(['rm', '-f', id]);
  }
});

test('a port that a container publishes is named by it', { skip }, async t => {
  const { engine, project, run } = await start(t, 'port');
  await run('web', ['sleep', '600'], ['--stop-timeout', '0', '--publish', '127.0.0.1::80']);
  const [container] = await engine.containers(project);
  const port = container?.publishedPorts[0]?.hostPort ?? 0;
  assert.equal(container?.publishedPorts[0]?.hostAddress, '127.0.0.1');
  const [held] = await createHost().portsInUse([{ address: '127.0.0.1', port }]);
  assert.equal(held?.port, port);
});

test('images and volumes that are here, and an import that is found again', { skip }, async t => {
  const { engine, project } = await start(t, 'image');
  const imported = `${project}:1`;
  t.after(() => docker(['image', 'rm', '-f', imported, `${imported}-copy`]).catch(() => undefined));
  await engine.importImage(
    imported,
    (async function* () {
      yield Buffer.alloc(1024);
    })(),
  );
  const found = await engine.images([imported, tinyImage, `${project}:none`]);
  assert.deepEqual([...found.keys()].sort(), [imported, tinyImage].sort());
  await engine.tagImage(found.get(imported) ?? '', `${imported}-copy`);
  assert.equal((await engine.images([`${imported}-copy`])).get(`${imported}-copy`), found.get(imported));
  await docker(['volume', 'create', '--label', `com.docker.compose.project=${project}`, `${project}_data`]);
  assert.deepEqual(await engine.volumes(project), [`${project}_data`]);
});
