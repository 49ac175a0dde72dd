import assert from 'node:assert/strict';
import test from 'node:test';
import type { Engine } from '../../../src/ports/engine.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

type Question = { readonly ids: readonly string[]; readonly askable: ReadonlySet<string> | undefined };

/** An engine whose kernel's figures cannot be read: it answers for `askable` only, each time after `tookMs`. */
async function rehearse() {
  const deployment = await createRehearsedDeployment();
  const { engine, clock } = deployment;
  const questions: Question[] = [];
  let tookMs = 0;
  const remote: Engine = {
    ...engine,
    usage: async (containers, signal, askable) => {
      questions.push({ ids: containers.map(({ id }) => id), askable });
      await clock.sleep(tookMs, signal);
      return engine.usage(
        containers.filter(({ id }) => askable === undefined || askable.has(id)),
        signal,
      );
    },
  };
  return {
    ...deployment,
    questions,
    setDuration: (ms: number) => {
      tookMs = ms;
    },
    ...deployment.watch({ engine: remote }),
  };
}

test('where the engine must be asked, it is asked for what is in sight, and once a minute for all', async () => {
  const { clock, session, monitor, questions, idOf, end } = await rehearse();
  await clock.advance(10_000);
  assert.ok(
    questions.every(({ askable }) => askable === undefined),
    'nobody said what is in sight',
  );
  const seen = [await idOf('data-api'), await idOf('influxdb')];
  session.see(['data-api', 'influxdb', 'gone-long-ago']);
  const before = questions.length;
  const { usage: hidden } = monitor.store.get().services.find(({ name }) => name === 'ner-service') ?? {};
  const total = monitor.store.get().totals.memoryMiB;
  await clock.advance(20_000);
  const asked = questions.slice(before);
  assert.equal(asked.length, 10);
  for (const { askable, ids } of asked) {
    assert.deepEqual([...(askable ?? [])].toSorted(), seen.toSorted());
    assert.equal(ids.length, 16, 'where figures can be read, they are read for all');
  }
  const now = monitor.store.get();
  assert.equal(now.services.find(({ name }) => name === 'ner-service')?.usage, hidden, 'out of sight, kept');
  assert.ok(Math.abs(now.totals.memoryMiB - total) < 0.2 * total, 'the total is still that of all');
  await clock.advance(60_000);
  assert.equal(questions.slice(before).filter(({ askable }) => askable === undefined).length, 1);
  end();
});

test('nothing is asked and nobody wakes while nothing runs; what starts is sampled at once', async () => {
  const { clock, control, monitor, questions, stack, idOf, end } = await rehearse();
  await clock.advance(10_000);
  const ids = await Promise.all(stack.services.map(({ name }) => idOf(name)));
  for (const id of ids.filter(found => found !== '')) control.stop(id);
  await clock.advance(2_500);
  assert.equal(monitor.store.get().totals.memoryMiB, 0);
  const before = questions.length;
  // The database and the box are looked at meanwhile; the services and their totals are as they were.
  const { services, totals } = monitor.store.get();
  const stop = monitor.store.subscribe(() => undefined);
  await clock.advance(60_000);
  assert.equal(questions.length, before);
  assert.equal(monitor.store.get().totals.memoryHistory, totals.memoryHistory);
  assert.deepEqual(
    monitor.store.get().services.map(({ history }) => history),
    services.map(({ history }) => history),
  );
  control.start(await idOf('influxdb'));
  await clock.advance(500);
  assert.ok(questions.length > before);
  stop();
  end();
});

test('an engine that is away is not asked for figures, and they stay as they were', async () => {
  const { clock, control, monitor, questions, end } = await rehearse();
  await clock.advance(10_000);
  control.setReachable(false);
  await clock.advance(2_500);
  const [before, total] = [questions.length, monitor.store.get().totals.memoryMiB];
  await clock.advance(60_000);
  assert.equal(questions.length, before);
  assert.ok(total > 1_000 && monitor.store.get().totals.memoryMiB === total);
  control.setReachable(true);
  await clock.advance(15_000);
  assert.ok(questions.length > before + 1);
  end();
});

test('a slow engine is asked for a tenth of the time, but never less than twice a minute', async () => {
  const { clock, questions, setDuration, end } = await rehearse();
  await clock.advance(10_000);
  const countIn = async (ms: number, durationMs: number): Promise<number> => {
    setDuration(durationMs);
    await clock.advance(60_000);
    const before = questions.length;
    await clock.advance(ms);
    return questions.length - before;
  };
  assert.equal(await countIn(220_000, 1_000), 20);
  assert.equal(await countIn(300_000, 20_000), 6);
  end();
});
