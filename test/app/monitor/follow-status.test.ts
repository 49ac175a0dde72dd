import assert from 'node:assert/strict';
import process from 'node:process';
import test from 'node:test';
import { followStatus } from '../../../src/app/monitor/follow-status.ts';
import type { MonitorOptions } from '../../../src/app/monitor/monitor.ts';
import type { DataFlowSample } from '../../../src/core/status/data-sample.ts';
import { watchedDocument } from '../../../src/ui/json/status-json.ts';
import { changeLines, firstLines } from '../../../src/ui/plain/status-changes.ts';
import { createRehearsedDeployment } from '../../helpers/rehearsed-deployment.ts';

process.env.TZ = 'UTC';

async function follow(change: Partial<MonitorOptions> = {}, beforeMs = 40_000) {
  const deployment = await createRehearsedDeployment();
  await deployment.clock.advance(beforeMs);
  const { monitor } = deployment.watch(change);
  const over = new AbortController();
  const lines: string[] = [];
  const documents: ReturnType<typeof watchedDocument>[] = [];
  const ended = followStatus({
    store: monitor.store,
    clock: deployment.clock,
    hasData: deployment.options.queryDataFlow !== undefined,
    signal: over.signal,
    tell: (state, changes) => {
      lines.push(...(changes.length === 0 ? firstLines(state) : changeLines(state, changes)));
      documents.push(watchedDocument(state, changes));
    },
  });
  return {
    ...deployment,
    documents,
    lines,
    /** What was said since the last time, without the times. */
    newLines: () => lines.splice(0).map(text => text.replace(/^\S+ /, '')),
    close: async () => {
      over.abort();
      await ended;
      deployment.end();
    },
  };
}

test('the first word is whole, and as long as nothing changes there is no other, whatever the figures do', async () => {
  const watch = await follow();
  await watch.clock.advance(3_000);
  assert.deepEqual(watch.newLines(), ['HomeIQ TEST 16/16 healthy']);
  const [first] = watch.documents;
  assert.equal(first?.healthy, true);
  assert.equal(first?.data.pointsPerMinute, 212);
  assert.ok(
    first?.services.every(({ memoryMiB, cpuShare }) => memoryMiB !== undefined && cpuShare !== undefined),
  );
  await watch.clock.advance(600_000);
  assert.deepEqual([watch.lines, watch.documents.length], [[], 1]);
  await watch.close();
});

test('a kill, the restart and the health after it are a line and a document each', async () => {
  const watch = await follow();
  await watch.clock.advance(3_000);
  watch.newLines();
  watch.control.crash(await watch.idOf('data-api'), 137, { forMemory: true });
  await watch.clock.advance(10_000);
  assert.deepEqual(watch.newLines(), [
    '15/16 healthy  data-api: healthy -> restarting, exit 137, killed for memory',
    '15/16 healthy, starting  data-api: restarting -> starting, 1 restart',
    '16/16 healthy  data-api: starting -> healthy',
  ]);
  assert.deepEqual(
    watch.documents.slice(1).map(({ healthy, changes }) => [healthy, changes]),
    [
      [false, [{ what: 'service', name: 'data-api', from: 'healthy', to: 'restarting' }]],
      [false, [{ what: 'service', name: 'data-api', from: 'restarting', to: 'starting' }]],
      [true, [{ what: 'service', name: 'data-api', from: 'starting', to: 'healthy' }]],
    ],
  );
  await watch.close();
});

test('an engine that goes and comes back is a line each, without a line for its countdown', async () => {
  const watch = await follow();
  await watch.clock.advance(3_000);
  watch.newLines();
  watch.control.setReachable(false);
  await watch.clock.advance(30_000);
  assert.deepEqual(watch.newLines(), ['Docker does not answer  Docker closed the connection.']);
  watch.control.setReachable(true);
  await watch.clock.advance(30_000);
  assert.deepEqual(watch.newLines(), ['16/16 healthy  Docker answers again']);
  await watch.close();
});

test('data that stops, or goes where only the other mode may write, is said; a silent database holds nothing up', async () => {
  let sample: DataFlowSample | undefined;
  const watch = await follow({
    queryDataFlow: async () => {
      if (sample === undefined) throw new Error('InfluxDB does not answer.');
      return sample;
    },
  });
  await watch.clock.advance(5_000);
  assert.equal(watch.newLines().length, 1);
  sample = { pointsPerMinute: 10, lastPointAtMs: 0, otherModePointsPerMinute: 0 };
  await watch.clock.advance(11_000);
  sample = { pointsPerMinute: 0, lastPointAtMs: 0, otherModePointsPerMinute: 3 };
  await watch.clock.advance(11_000);
  assert.deepEqual(watch.newLines(), [
    '16/16 healthy  data: no answer -> flowing',
    '16/16 healthy  data: flowing -> silent',
    '16/16 healthy  points into the bucket of production too',
  ]);
  await watch.close();
});

test('a service that is stopped, made anew or a stranger is told', async () => {
  const watch = await follow();
  await watch.clock.advance(3_000);
  watch.newLines();
  await watch.engine.stop(await watch.idOf('ner-service'));
  await watch.clock.advance(1_000);
  await watch.compose.recreate(watch.target, ['ner-service']);
  await watch.clock.advance(10_000);
  const lines = watch.newLines();
  assert.equal(lines[0], '15/16 healthy  ner-service: healthy -> stopped');
  assert.match(lines[1] ?? '', /ner-service: stopped -> starting, another container/);
  assert.equal(lines.at(-1), '16/16 healthy  ner-service: starting -> healthy');
  await watch.close();
});
