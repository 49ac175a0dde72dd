import assert from 'node:assert/strict';
import test from 'node:test';
import type { RehearsalContainerSpec } from '../../../src/adapters/rehearsal/rehearsal-container.ts';
import { createRehearsalEngine } from '../../../src/adapters/rehearsal/rehearsal-engine.ts';
import type { EngineEvent } from '../../../src/ports/engine.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

const spec = (service: string, over: Partial<RehearsalContainerSpec> = {}): RehearsalContainerSpec => ({
  name: `demo-${service}-1`,
  project: 'demo',
  service,
  image: `demo/${service}`,
  hasHealthcheck: true,
  isOneShot: false,
  expectedMiB: 128,
  limitMiB: 256,
  bootMs: 2_000,
  environment: {},
  labels: {},
  publishedPorts: [],
  ...over,
});

function setUp() {
  const clock = createManualClock();
  const { engine, control } = createRehearsalEngine({ clock });
  const abort = new AbortController();
  const seen: EngineEvent[] = [];
  const watching = (async () => {
    for await (const event of engine.events('demo', abort.signal)) seen.push(event);
  })();
  return { clock, engine, control, abort, seen, watching };
}

test('a container starts, becomes healthy, crashes and comes back, and every step is an event', async () => {
  const { clock, engine, control, abort, seen, watching } = setUp();
  await clock.advance(0);
  const id = control.create(spec('data-api'));
  await engine.start(id);
  assert.equal((await engine.containers('demo'))[0]?.health, 'starting');
  await clock.advance(2_000);
  assert.equal((await engine.containers('demo'))[0]?.health, 'healthy');
  control.crash(id, 137, { forMemory: true });
  const crashed = (await engine.containers('demo'))[0];
  assert.deepEqual(
    [crashed?.state, crashed?.exitCode, crashed?.wasKilledForMemory],
    ['restarting', 137, true],
  );
  await clock.advance(3_000);
  const back = (await engine.containers('demo'))[0];
  assert.deepEqual([back?.state, back?.health, back?.restartCount], ['running', 'healthy', 1]);
  assert.deepEqual(
    seen.map(({ action }) => action),
    ['create', 'start', 'health', 'oom', 'die', 'start', 'health'],
  );
  abort.abort();
  await watching;
});

test('a one-shot ends with 0; a stopped engine ends the events and refuses calls, and comes back', async () => {
  const { clock, engine, control, watching } = setUp();
  await clock.advance(0);
  await engine.start(control.create(spec('once', { isOneShot: true, hasHealthcheck: false })));
  await clock.advance(2_000);
  const [once] = await engine.containers('demo');
  assert.deepEqual([once?.state, once?.exitCode], ['exited', 0]);
  control.setReachable(false);
  await watching;
  await assert.rejects(engine.containers('demo'), /Docker does not answer/);
  control.setReachable(true);
  assert.equal((await engine.containers('demo')).length, 1);
});

test('logs give the tail, follow, and end when the container is removed', async () => {
  const { clock, engine, control, abort, watching } = setUp();
  const id = control.create(spec('data-api'));
  await engine.start(id);
  await clock.advance(60_000);
  const lines: string[] = [];
  const reading = (async () => {
    for await (const line of engine.logs(id, { tail: 3, follow: true, signal: abort.signal }))
      lines.push(line.text);
  })();
  await clock.advance(0);
  assert.equal(lines.length, 3);
  await clock.advance(10_000);
  assert.ok(lines.length > 4);
  control.remove(id);
  await reading;
  abort.abort();
  await watching;
  assert.equal(clock.sleeperCount(), 0);
});

test('memory settles near the expected figure and under the limit; CPU time never runs backwards', async () => {
  const { clock, engine, control, abort } = setUp();
  const id = control.create(spec('data-api'));
  await engine.start(id);
  let cpuNs = -1;
  for (let round = 0; round < 60; round += 1) {
    await clock.advance(500);
    const usage = (await engine.usage([{ id }])).get(id);
    assert.ok(usage !== undefined && usage.cpuNs >= cpuNs && usage.memoryMiB <= 256);
    cpuNs = usage.cpuNs;
  }
  assert.ok((await engine.usage([{ id }])).get(id)?.memoryMiB ?? 0 > 60);
  abort.abort();
});
