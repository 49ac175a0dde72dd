import assert from 'node:assert/strict';
import test from 'node:test';
import { createLogFollower, type LogTarget } from '../../../src/app/monitor/log-follower.ts';
import { logLimit } from '../../../src/core/logs/log-ring.ts';
import type { Engine, LogLine } from '../../../src/ports/engine.ts';
import { createManualClock, type ManualClock } from '../../helpers/manual-clock.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

const at = (index: number): string => new Date(Date.UTC(2026, 0, 5) + index).toISOString();

const of = (...names: readonly string[]): LogTarget => ({ kind: 'services', names });

/** An engine of which only the logs are asked. */
function follow(
  logs: Engine['logs'],
  containerOf = (_service: string): string | undefined => 'id',
  services: readonly string[] = [],
) {
  const clock = createManualClock();
  const over = new AbortController();
  const engine = { logs } as Engine;
  const follower = createLogFollower({
    engine,
    clock,
    containerOf,
    allServices: () => services,
    signal: over.signal,
  });
  return { clock, over, follower };
}

test('a flood is kept to the newest lines, and told at most ten times a second', async () => {
  const { clock, over, follower } = follow(async function* (_id, { signal }) {
    for (let index = 0; index < 50_000; index += 1) {
      yield { at: at(index), stream: 'stdout', text: `line ${index}` } satisfies LogLine;
      if (index % 250 === 249) await clock.sleep(5, signal);
    }
    await clock.sleep(60_000, signal);
  });
  let told = 0;
  follower.store.subscribe(() => {
    told += 1;
  });
  follower.follow(of('data-api'));
  await clock.advance(1_500);
  const { lines, phase } = follower.store.get();
  assert.equal(lines.length, logLimit);
  assert.equal(lines.at(-1)?.text, 'line 49999');
  assert.equal(phase, 'following');
  assert.ok(told <= 14, `told ${told} times in 1.5 s`);
  over.abort();
});

test('what a service writes cannot reach the terminal', async () => {
  const { clock, over, follower } = follow(async function* (_id, { signal }) {
    yield {
      at: at(0),
      stream: 'stderr',
      text: '\x1b[2J\x1b]0;owned\x07\x1b[31mERROR\x1b[0m gone',
    } satisfies LogLine;
    await clock.sleep(60_000, signal);
  });
  follower.follow(of('data-api'));
  await clock.advance(200);
  assert.deepEqual(
    follower.store.get().lines.map(({ text }) => text),
    ['ERROR gone'],
  );
  over.abort();
});

test('a container that restarts is followed again, without a line twice', async () => {
  let starts = 0;
  const { clock, over, follower } = follow(async function* () {
    starts += 1;
    for (let index = 0; index < 2 * starts; index += 1) {
      yield { at: at(index), stream: 'stdout', text: `line ${index}` } satisfies LogLine;
    }
  });
  follower.follow(of('data-api'));
  await clock.advance(150);
  assert.equal(follower.store.get().phase, 'waiting');
  await clock.advance(1_100);
  assert.deepEqual(
    follower.store.get().lines.map(({ text }) => text),
    ['line 0', 'line 1', 'line 2', 'line 3'],
  );
  over.abort();
});

test('a service without a container is waited for; another service begins with an empty pane', async () => {
  const present = new Set<string>();
  const { clock, over, follower } = follow(
    async function* (id, { signal }) {
      yield { at: at(0), stream: 'stdout', text: id } satisfies LogLine;
      await clock.sleep(60_000, signal);
    },
    service => (present.has(service) ? `id of ${service}` : undefined),
  );
  follower.follow(of('data-api'));
  await clock.advance(100);
  assert.equal(follower.store.get().problem, 'data-api has no container.');
  present.add('data-api').add('admin-api');
  await clock.advance(1_200);
  assert.equal(follower.store.get().lines[0]?.text, 'id of data-api');
  follower.follow(of('admin-api'));
  assert.deepEqual(follower.store.get().lines, []);
  await clock.advance(200);
  assert.deepEqual(
    follower.store.get().lines.map(({ text }) => text),
    ['id of admin-api'],
  );
  follower.follow({ kind: 'none' });
  assert.equal(follower.store.get().phase, 'idle');
  await clock.advance(1_000);
  assert.equal(clock.sleeperCount(), 0);
  over.abort();
});

test('on the rehearsed engine, a container that is removed while its log is followed is said', async () => {
  const deployment = await createRehearsedDeployment();
  const { monitor } = deployment.watch();
  await deployment.clock.advance(10_000);
  monitor.followLog(of('data-api'));
  await deployment.clock.advance(5_000);
  assert.ok(monitor.logs.get().lines.length > 2);
  deployment.control.remove(await deployment.idOf('data-api'));
  await deployment.clock.advance(2_000);
  assert.equal(monitor.logs.get().problem, 'data-api has no container.');
  assert.ok(monitor.logs.get().lines.length > 2, 'what was read stays');
  deployment.end();
});

/** Writes `perSecond` lines a second of about 100 characters until it is ended, in steps of 10 ms. */
const flood = (
  clock: { readonly sleep: ManualClock['sleep']; readonly now: () => Date },
  perSecond: number,
) =>
  async function* (id: string, { signal }: { readonly signal: AbortSignal }): AsyncGenerator<LogLine> {
    let index = 0;
    while (!signal.aborted) {
      for (let each = 0; each < perSecond / 100; each += 1) {
        index += 1;
        const text = `{"level":"info","message":"request ${index} of ${id} was answered","status":200,"ms":${index % 97}}`;
        yield { at: new Date(clock.now().getTime() + each / 1_000).toISOString(), stream: 'stdout', text };
      }
      await clock.sleep(10, signal).catch(() => undefined);
    }
  };

test('10,000 lines a second for ten seconds: what is kept and what is told stay bounded, and it says what it let go', async () => {
  const clock = createManualClock();
  const over = new AbortController();
  const follower = createLogFollower({
    engine: { logs: flood(clock, 10_000) } as unknown as Engine,
    clock,
    containerOf: () => 'id',
    allServices: () => [],
    signal: over.signal,
  });
  let told = 0;
  follower.store.subscribe(() => {
    told += 1;
  });
  follower.follow(of('data-api'));
  await clock.advance(10_000);
  const { lines, droppedCount } = follower.store.get();
  assert.equal(lines.length, logLimit);
  assert.ok(lines.length + droppedCount > 98_000, `${droppedCount} let go`);
  assert.match(
    lines.at(-1)?.text ?? '',
    /^INFO request (9[89]\d{3}|100\d{3}) of id was answered status=200 ms=\d+$/,
  );
  assert.ok(told <= 102, `told ${told} times in 10 s`);
  over.abort();
});

test('what is held stays as it is while more comes than is kept; let go on, the newest is there and the rest counted', async () => {
  const clock = createManualClock();
  const over = new AbortController();
  const follower = createLogFollower({
    engine: { logs: flood(clock, 10_000) } as unknown as Engine,
    clock,
    containerOf: () => 'id',
    allServices: () => [],
    signal: over.signal,
  });
  follower.follow(of('data-api'));
  await clock.advance(1_000);
  const before = follower.store.get().lines;
  follower.hold(true);
  await clock.advance(3_000);
  assert.equal(follower.store.get().lines, before);
  assert.ok(follower.store.get().heldCount > 29_000);
  follower.hold(false);
  const after = follower.store.get();
  assert.equal(after.heldCount, 0);
  assert.equal(after.lines.length, logLimit);
  assert.ok((after.lines[0]?.id ?? 0) > (before.at(-1)?.id ?? 0));
  assert.equal(after.droppedCount + after.lines.length, after.lines.at(-1)?.id);
  over.abort();
});

test('several services are one log in the order of time, and one that comes later takes part', async () => {
  const services = ['data-api', 'admin-api'];
  const { clock, over, follower } = follow(
    async function* (id, { signal }) {
      const own = id === 'id of data-api' ? 0 : id === 'id of admin-api' ? 5 : 1_000;
      for (let index = 0; index < 3; index += 1) {
        yield { at: at(own + index * 10), stream: 'stdout', text: `${id} ${index}` } satisfies LogLine;
      }
      await clock.sleep(600_000, signal);
    },
    service => `id of ${service}`,
    services,
  );
  follower.follow({ kind: 'all' });
  await clock.advance(200);
  const names = () => follower.store.get().lines.map(({ service }) => service);
  assert.deepEqual(names(), ['data-api', 'admin-api', 'data-api', 'admin-api', 'data-api', 'admin-api']);
  services.push('ml-service');
  await clock.advance(1_200);
  assert.equal(names().at(-1), 'ml-service');
  assert.equal(follower.store.get().phase, 'following');
  over.abort();
  await clock.advance(10);
  assert.equal(clock.sleeperCount(), 0);
});
