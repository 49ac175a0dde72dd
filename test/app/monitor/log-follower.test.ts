import assert from 'node:assert/strict';
import test from 'node:test';
import { createLogFollower, logLimit } from '../../../src/app/monitor/log-follower.ts';
import type { Engine, LogLine } from '../../../src/ports/engine.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

const at = (index: number): string => new Date(Date.UTC(2026, 0, 5) + index).toISOString();

/** An engine of which only the logs are asked. */
function follow(logs: Engine['logs'], containerOf = (_service: string): string | undefined => 'id') {
  const clock = createManualClock();
  const over = new AbortController();
  const engine = { logs } as Engine;
  const follower = createLogFollower({ engine, clock, containerOf, signal: over.signal });
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
  follower.follow('data-api');
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
  follower.follow('data-api');
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
  follower.follow('data-api');
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
  follower.follow('data-api');
  await clock.advance(100);
  assert.equal(follower.store.get().problem, 'data-api has no container.');
  present.add('data-api').add('admin-api');
  await clock.advance(1_200);
  assert.equal(follower.store.get().lines[0]?.text, 'id of data-api');
  follower.follow('admin-api');
  assert.deepEqual(follower.store.get().lines, []);
  await clock.advance(200);
  assert.deepEqual(
    follower.store.get().lines.map(({ text }) => text),
    ['id of admin-api'],
  );
  follower.follow(undefined);
  assert.equal(follower.store.get().phase, 'idle');
  await clock.advance(1_000);
  assert.equal(clock.sleeperCount(), 0);
  over.abort();
});

test('on the rehearsed engine, a container that is removed while its log is followed is said', async () => {
  const deployment = await createRehearsedDeployment();
  const { monitor } = deployment.watch();
  await deployment.clock.advance(10_000);
  monitor.followLog('data-api');
  await deployment.clock.advance(5_000);
  assert.ok(monitor.logs.get().lines.length > 2);
  deployment.control.remove(await deployment.idOf('data-api'));
  await deployment.clock.advance(2_000);
  assert.equal(monitor.logs.get().problem, 'data-api has no container.');
  assert.ok(monitor.logs.get().lines.length > 2, 'what was read stays');
  deployment.end();
});
