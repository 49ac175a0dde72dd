import assert from 'node:assert/strict';
import test from 'node:test';
import { observeOnce } from '../../../src/app/monitor/observe-once.ts';
import { ExternalError } from '../../../src/core/error.ts';
import { tellHappenings } from '../../../src/core/status/happenings.ts';
import { judgeDeployment } from '../../../src/core/status/judge-deployment.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';
import type { Engine } from '../../../src/ports/engine.ts';
import { settlePromises } from '../../helpers/manual-clock.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

const stateOf = (state: StatusState, name: string) =>
  state.services.find(service => service.name === name)?.state.kind;

/** Counts the calls of the engine that cost something. */
function countCalls(engine: Engine) {
  const counts = { lists: 0, samples: 0 };
  const counted: Engine = {
    ...engine,
    containers: (...rest) => {
      counts.lists += 1;
      return engine.containers(...rest);
    },
    usage: (...rest) => {
      counts.samples += 1;
      return engine.usage(...rest);
    },
  };
  return { counts, counted };
}

test('a deployment that starts is followed until it is healthy, by events and few lists', async () => {
  const deployment = await createRehearsedDeployment();
  const { counts, counted } = countCalls(deployment.engine);
  const { monitor } = deployment.watch({ engine: counted });
  await deployment.clock.advance(0);
  assert.equal(judgeDeployment(monitor.store.get()).verdict, 'starting');
  await deployment.clock.advance(5_000);
  assert.equal(judgeDeployment(monitor.store.get()).verdict, 'healthy');
  const afterStart = counts.lists;
  assert.ok(afterStart <= 16, `${afterStart} lists for 16 services`);
  await deployment.clock.advance(60_000);
  assert.equal(counts.lists, afterStart, 'nothing happened, so nothing was listed');
  deployment.end();
  await monitor.ended;
  assert.equal(deployment.clock.sleeperCount(), 0);
});

test('nothing is sampled while nobody watches', async () => {
  const deployment = await createRehearsedDeployment();
  const { counts, counted } = countCalls(deployment.engine);
  let questions = 0;
  const { monitor, session } = deployment.watch({
    engine: counted,
    queryDataFlow: async () => {
      questions += 1;
      return { pointsPerMinute: 1, lastPointAtMs: undefined, otherModePointsPerMinute: undefined };
    },
  });
  await deployment.clock.advance(60_000);
  assert.ok(counts.samples >= 28 && counts.samples <= 34, `${counts.samples} samples in a minute`);
  assert.ok(questions >= 5 && questions <= 7, `${questions} questions in a minute`);
  session.dispose();
  await deployment.clock.advance(10_000);
  const before = { ...counts, questions };
  await deployment.clock.advance(60_000);
  assert.deepEqual({ ...counts, questions }, before);
  const stop = monitor.store.subscribe(() => undefined);
  await deployment.clock.advance(2_000);
  assert.ok(counts.samples > before.samples, 'it samples again as soon as somebody watches');
  stop();
  deployment.end();
  await monitor.ended;
});

test('a crash is seen at once, with its reason, and so is the recovery', async () => {
  const deployment = await createRehearsedDeployment();
  const { monitor } = deployment.watch();
  await deployment.clock.advance(10_000);
  deployment.control.crash(await deployment.idOf('data-api'), 137, { forMemory: true });
  await deployment.clock.advance(400);
  assert.equal(stateOf(monitor.store.get(), 'data-api'), 'restarting');
  assert.match(
    judgeDeployment(monitor.store.get()).reasons.join(),
    /data-api is restarting with exit code 137, killed for memory/,
  );
  await deployment.clock.advance(5_000);
  assert.equal(judgeDeployment(monitor.store.get()).isHealthy, true);
  const what = monitor.store.get().events.filter(({ service }) => service === 'data-api');
  assert.deepEqual(
    what.slice(-4).map(event => event.what.kind),
    ['out-of-memory', 'ended', 'started', 'healthy'],
  );
  deployment.end();
});

test('without an engine the last frame stays, the countdown runs, and everything comes back by itself', async () => {
  const deployment = await createRehearsedDeployment();
  const { monitor } = deployment.watch();
  await deployment.clock.advance(10_000);
  deployment.control.setReachable(false);
  await deployment.clock.advance(500);
  const gone = monitor.store.get();
  assert.equal(gone.engine.kind, 'gone');
  assert.equal(stateOf(gone, 'data-api'), 'healthy');
  const used = gone.totals.memoryMiB;
  await deployment.clock.advance(30_000);
  const later = monitor.store.get();
  assert.ok(later.engine.kind === 'gone' && gone.engine.kind === 'gone');
  assert.equal(later.engine.sinceMs, gone.engine.sinceMs);
  assert.ok(later.nowMs > gone.nowMs && later.engine.retryAtMs > gone.engine.retryAtMs);
  assert.equal(later.totals.memoryMiB, used);
  deployment.control.setReachable(true);
  await deployment.clock.advance(10_500);
  assert.equal(monitor.store.get().engine.kind, 'answering');
  assert.equal(judgeDeployment(monitor.store.get()).isHealthy, true);
  deployment.end();
  await monitor.ended;
  assert.equal(deployment.clock.sleeperCount(), 0);
});

test('an engine that is not there at the start is a state, not an end', async () => {
  const deployment = await createRehearsedDeployment();
  deployment.control.setReachable(false);
  const { monitor } = deployment.watch();
  await deployment.clock.advance(100);
  assert.deepEqual(judgeDeployment(monitor.store.get()).reasons, ['Docker does not answer.']);
  deployment.control.setReachable(true);
  await deployment.clock.advance(2_000);
  assert.equal(monitor.store.get().engine.kind, 'answering');
  deployment.end();
});

test('a database that does not answer is said, and the last figures stay', async () => {
  const deployment = await createRehearsedDeployment();
  let answers = true;
  const { monitor } = deployment.watch({
    queryDataFlow: async () => {
      if (!answers) throw new ExternalError('InfluxDB did not answer.');
      return { pointsPerMinute: 212, lastPointAtMs: undefined, otherModePointsPerMinute: 0 };
    },
  });
  await deployment.clock.advance(5_000);
  answers = false;
  await deployment.clock.advance(10_000);
  const { data } = monitor.store.get();
  assert.deepEqual([data.sample?.pointsPerMinute, data.problem], [212, 'InfluxDB did not answer.']);
  deployment.end();
});

test('a hundred containers that start at once cost a handful of lists', async () => {
  const deployment = await createRehearsedDeployment();
  const { counts, counted } = countCalls(deployment.engine);
  const { monitor } = deployment.watch({ engine: counted });
  await deployment.clock.advance(10_000);
  const before = counts.lists;
  for (let index = 0; index < 100; index += 1) {
    const id = deployment.control.create({
      name: `homeiq-extra-${index}`,
      project: 'homeiq',
      service: `extra-${index}`,
      image: 'extra',
      hasHealthcheck: true,
      isOneShot: false,
      expectedMiB: 10,
      limitMiB: undefined,
      bootMs: 1_000,
      environment: {},
      labels: {},
      publishedPorts: [],
    });
    deployment.control.start(id);
  }
  await deployment.clock.advance(3_000);
  assert.equal(monitor.store.get().services.length, 116);
  assert.equal(stateOf(monitor.store.get(), 'extra-99'), 'healthy');
  assert.ok(counts.lists - before <= 6, `${counts.lists - before} lists`);
  deployment.end();
});

test('events that never stop cost at most about three lists a second', async () => {
  const deployment = await createRehearsedDeployment();
  const { counts, counted } = countCalls(deployment.engine);
  const { monitor } = deployment.watch({ engine: counted });
  await deployment.clock.advance(10_000);
  const before = counts.lists;
  const id = await deployment.idOf('data-api');
  for (let index = 0; index < 60; index += 1) {
    deployment.control.setUnhealthy(id);
    await deployment.clock.advance(50);
  }
  assert.ok(counts.lists - before <= 12, `${counts.lists - before} lists in 3 s`);
  assert.equal(stateOf(monitor.store.get(), 'data-api'), 'unhealthy');
  deployment.end();
});

test('one look is enough for a script: states, memory, CPU and data', async () => {
  const deployment = await createRehearsedDeployment();
  await deployment.clock.advance(20_000);
  const look = observeOnce(deployment.options);
  await deployment.clock.advance(1_000);
  const state = await look;
  assert.equal(judgeDeployment(state).isHealthy, true);
  assert.ok(state.totals.memoryMiB > 1_000 && state.totals.cpuShare !== undefined);
  assert.equal(state.data.sample?.pointsPerMinute, 212);
});

test('one look without an engine, and with a database that is silent, ends all the same', async () => {
  const deployment = await createRehearsedDeployment();
  deployment.control.setReachable(false);
  const look = observeOnce({
    ...deployment.options,
    queryDataFlow: signal =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
  });
  await deployment.clock.advance(4_000);
  const state = await look;
  assert.deepEqual(judgeDeployment(state).reasons, ['Docker does not answer.']);
  assert.equal(state.data.problem, 'InfluxDB took too long to answer.');
  await settlePromises();
  assert.equal(deployment.clock.sleeperCount(), 0);
});

test('a slow engine is listed the less often, however many events come', async () => {
  const deployment = await createRehearsedDeployment();
  const { engine, clock } = deployment;
  let tookMs = 0;
  const { counts, counted } = countCalls({
    ...engine,
    containers: async (...rest) => {
      await clock.sleep(tookMs);
      return engine.containers(...rest);
    },
  });
  deployment.watch({ engine: counted });
  await clock.advance(10_000);
  tookMs = 1_000;
  const before = counts.lists;
  const id = await deployment.idOf('data-api');
  for (let index = 0; index < 500; index += 1) {
    deployment.control.setUnhealthy(id);
    await clock.advance(50);
  }
  // A second of work, then four of rest.
  const lists = counts.lists - before;
  assert.ok(lists >= 4 && lists <= 6, `${lists} lists in 25 s`);
  deployment.end();
});

test('tokens are asked for once a minute; a database that is away changes nothing of what is known', async () => {
  const deployment = await createRehearsedDeployment();
  const answers: (readonly string[] | undefined)[] = [[], ['a token of data-api is wrong'], undefined, []];
  let asked = 0;
  const { monitor } = deployment.watch({
    findTokenProblems: async () => {
      const answer = answers[asked];
      asked += 1;
      if (answer === undefined) throw new ExternalError('InfluxDB did not answer');
      return answer;
    },
  });
  const seen: (readonly string[])[] = [];
  await deployment.clock.advance(10_000);
  for (let minute = 0; minute < 4; minute += 1) {
    seen.push(monitor.store.get().tokenProblems);
    await deployment.clock.advance(60_000);
  }
  const wrong = ['a token of data-api is wrong'];
  assert.deepEqual(seen, [[], wrong, wrong, []]);
  assert.ok(asked <= 5, `${asked} questions in four minutes`);
  deployment.end();
  await monitor.ended;
});

test('one look says what is wrong with the tokens, too', async () => {
  const deployment = await createRehearsedDeployment();
  await deployment.clock.advance(5_000);
  const looking = observeOnce({
    ...deployment.options,
    findTokenProblems: async () => ['a token of data-api is wrong'],
  });
  await deployment.clock.advance(10_000);
  assert.deepEqual(judgeDeployment(await looking).reasons, ['a token of data-api is wrong']);
  deployment.end();
});

test('what happened before the watching began, and while the connection was lost, is told, and nothing twice', async () => {
  const deployment = await createRehearsedDeployment();
  await deployment.clock.advance(40_000);
  deployment.control.crash(await deployment.idOf('data-api'), 1);
  await deployment.clock.advance(30_000);
  let connections = 0;
  let cut: () => void = () => {};
  const engine: Engine = {
    ...deployment.engine,
    events: (project, signal, sinceMs) => {
      connections += 1;
      const over = new AbortController();
      cut = () => over.abort();
      return deployment.engine.events(project, AbortSignal.any([signal, over.signal]), sinceMs);
    },
  };
  const { monitor } = deployment.watch({ engine });
  const told = (service: string) =>
    tellHappenings(
      monitor.store.get().events.filter(event => event.service === service),
      () => undefined,
    ).map(({ what }) => what.kind);
  await deployment.clock.advance(3_000);
  assert.deepEqual(told('data-api'), ['started', 'restarted']);
  // The stream ends, and what happens until the next one begins is heard from that.
  cut();
  await deployment.clock.advance(300);
  deployment.control.crash(await deployment.idOf('ner-service'), 2);
  await deployment.clock.advance(20_000);
  assert.equal(connections, 2);
  assert.deepEqual(told('ner-service'), ['started', 'restarted']);
  assert.deepEqual(told('data-api'), ['started', 'restarted']);
  deployment.end();
});
