import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { judgeDeployment } from '../../../src/core/status/judge-deployment.ts';
import { reduceStatus, type StatusInput } from '../../../src/core/status/reduce-status.ts';
import type { ContainerSeen } from '../../../src/core/status/status-input.ts';
import { eventLimit, historyLength, type StatusState } from '../../../src/core/status/status-state.ts';
import {
  goodContainers,
  makeContainer,
  makeService,
  makeStatus,
  startMs,
  statusOptions,
} from './status-fixtures.ts';

const listed = (containers: readonly ContainerSeen[], atMs = startMs): StatusInput => ({
  kind: 'listed',
  atMs,
  containers,
});
const fold = (inputs: readonly StatusInput[], state = makeStatus()): StatusState =>
  inputs.reduce(reduceStatus, state);
const serviceOf = (state: StatusState, name: string) => state.services.find(service => service.name === name);
const stateOf = (state: StatusState, name: string) => serviceOf(state, name)?.state;
const withChange = (service: string, over: Partial<ContainerSeen>): readonly ContainerSeen[] =>
  goodContainers.map(container => (container.service === service ? { ...container, ...over } : container));

test('before anything is heard, the verdict is unknown; a good list makes it healthy', () => {
  assert.equal(judgeDeployment(makeStatus()).verdict, 'unknown');
  const state = fold([listed(goodContainers)]);
  assert.deepEqual(judgeDeployment(state), {
    verdict: 'healthy',
    isHealthy: true,
    reasons: [],
    goodCount: 5,
    wantedCount: 5,
  });
  assert.equal(stateOf(state, 'migrate')?.kind, 'done');
  assert.equal(
    serviceOf(state, 'websocket-ingestion'),
    undefined,
    'the other mode is not shown while it does not run',
  );
});

test('each way of not being well is told apart, and makes the deployment unhealthy', () => {
  const cases: readonly (readonly [Partial<ContainerSeen>, object, RegExp])[] = [
    [{ health: 'unhealthy' }, { kind: 'unhealthy' }, /data-api is unhealthy/],
    [
      { state: 'exited', exitCode: 137, wasKilledForMemory: true },
      { kind: 'exited', exitCode: 137 },
      /exit code 137, killed for memory/,
    ],
    [{ state: 'exited', exitCode: 0 }, { kind: 'exited', exitCode: 0 }, /ended with exit code 0/],
    [
      { state: 'restarting', exitCode: 1, restartCount: 3 },
      { kind: 'restarting', exitCode: 1 },
      /keeps restarting \(3 so far\) with exit code 1/,
    ],
    [{ state: 'created', startedAt: undefined }, { kind: 'created' }, /created and never started/],
    [{ state: 'paused' }, { kind: 'paused' }, /paused/],
    [
      { environment: { DEPLOYMENT_MODE: 'production' } },
      { kind: 'wrong-mode', mode: 'production' },
      /wrong mode: production/,
    ],
  ];
  for (const [over, expected, reason] of cases) {
    const state = fold([listed(withChange('data-api', over))]);
    assert.deepEqual(stateOf(state, 'data-api'), expected);
    const judgement = judgeDeployment(state);
    assert.equal(judgement.verdict, 'unhealthy');
    assert.match(judgement.reasons.join(), reason);
    assert.equal(judgement.goodCount, 4);
  }
});

test('a missing service is bad; one that starts is on its way; one without a healthcheck is good', () => {
  const missing = fold([listed(goodContainers.filter(({ service }) => service !== 'data-api'))]);
  assert.match(judgeDeployment(missing).reasons.join(), /data-api has no container/);
  const starting = judgeDeployment(fold([listed(withChange('data-api', { health: 'starting' }))]));
  assert.deepEqual([starting.verdict, starting.isHealthy], ['starting', false]);
  const unchecked = fold([listed(withChange('data-api', { health: 'none' }))]);
  assert.equal(stateOf(unchecked, 'data-api')?.kind, 'unchecked');
  assert.equal(judgeDeployment(unchecked).isHealthy, true);
});

test('a one-shot that failed is not done', () => {
  const state = fold([listed(withChange('migrate', { exitCode: 4 }))]);
  assert.deepEqual(stateOf(state, 'migrate'), { kind: 'exited', exitCode: 4 });
  assert.equal(judgeDeployment(state).isHealthy, false);
});

test('a service of the other mode that runs is named as such, and is not counted as wanted', () => {
  const stray = makeContainer('websocket-ingestion', { environment: {} });
  const state = fold([listed([...goodContainers, stray])]);
  assert.deepEqual(stateOf(state, 'websocket-ingestion'), { kind: 'wrong-mode', mode: 'production' });
  const judgement = judgeDeployment(state);
  assert.deepEqual([judgement.isHealthy, judgement.goodCount, judgement.wantedCount], [false, 5, 5]);
  const stopped = fold([listed([...goodContainers, { ...stray, state: 'exited', exitCode: 143 }])]);
  assert.equal(judgeDeployment(stopped).isHealthy, true);
});

test('what is left out is shown with its reason and is no fault', () => {
  const state = fold(
    [listed(goodContainers.filter(({ service }) => service !== 'data-api'))],
    makeStatus({ leftOut: { 'data-api': 'API_KEY is not set' } }),
  );
  assert.deepEqual(stateOf(state, 'data-api'), { kind: 'left-out', reason: 'API_KEY is not set' });
  assert.deepEqual([judgeDeployment(state).isHealthy, judgeDeployment(state).wantedCount], [true, 4]);
  assert.equal(state.totals.expectedMiB, 2048 + 512 + 384);
});

test('a stand-in must run, and is not counted among the services', () => {
  const { stack } = statusOptions;
  const standIn = makeService('home-assistant-stand-in', 'core', 0, { standIn: true });
  const start = makeStatus({ stack: { ...stack, services: [...stack.services, standIn] } });
  const missing = judgeDeployment(fold([listed(goodContainers)], start));
  assert.deepEqual([missing.isHealthy, missing.goodCount, missing.wantedCount], [false, 5, 5]);
  const there = fold([listed([...goodContainers, makeContainer('home-assistant-stand-in')])], start);
  assert.deepEqual([judgeDeployment(there).isHealthy, judgeDeployment(there).wantedCount], [true, 5]);
});

test('when nothing runs the deployment is stopped', () => {
  const ended = goodContainers.map(container => ({ ...container, state: 'exited' as const, exitCode: 143 }));
  assert.equal(judgeDeployment(fold([listed(ended)])).verdict, 'stopped');
  assert.equal(judgeDeployment(fold([listed([])])).verdict, 'stopped');
});

test('the engine goes and comes back: what was seen stays, and both are events', () => {
  const gone = (atMs: number): StatusInput => ({
    kind: 'engine-gone',
    atMs,
    message: 'Docker does not answer.',
    retryAtMs: atMs + 1_000,
  });
  const state = fold([listed(goodContainers), gone(startMs + 1_000), gone(startMs + 3_000)]);
  assert.deepEqual(state.engine, {
    kind: 'gone',
    sinceMs: startMs + 1_000,
    message: 'Docker does not answer.',
    retryAtMs: startMs + 4_000,
  });
  assert.equal(stateOf(state, 'data-api')?.kind, 'healthy');
  assert.equal(judgeDeployment(state).verdict, 'unknown');
  const back = fold([listed(goodContainers, startMs + 9_000)], state);
  assert.equal(back.engine.kind, 'answering');
  assert.deepEqual(
    back.events.map(({ what }) => what.kind),
    ['engine-gone', 'engine-back'],
  );
});

const usage = (atMs: number, memoryMiB: number, cpuMs: number): StatusInput => ({
  kind: 'usage',
  atMs,
  samples: new Map([['id-data-api', { memoryMiB, cpuNs: cpuMs * 1e6, sampledAtMs: atMs }]]),
});

test('CPU is a share of the whole machine between two samples; a restart begins anew', () => {
  const first = fold([listed(goodContainers), usage(startMs, 300, 1_000)]);
  assert.deepEqual(serviceOf(first, 'data-api')?.usage, { memoryMiB: 300, cpuShare: undefined });
  const second = fold([usage(startMs + 2_000, 310, 1_800)], first);
  assert.equal(serviceOf(second, 'data-api')?.usage?.cpuShare, 0.1);
  assert.equal(second.totals.cpuShare, 0.1);
  assert.equal(second.totals.memoryMiB, 310);
  const restarted = fold([usage(startMs + 4_000, 50, 10)], second);
  assert.equal(serviceOf(restarted, 'data-api')?.usage?.cpuShare, undefined);
  assert.deepEqual(serviceOf(restarted, 'data-api')?.history.memoryMiB, [300, 310, 50]);
  const stopped = fold(
    [listed(withChange('data-api', { state: 'exited', exitCode: 1 }), startMs + 5_000)],
    restarted,
  );
  assert.equal(serviceOf(stopped, 'data-api')?.usage, undefined);
});

test('a state that ended knows since when, if that was seen', () => {
  const died: StatusInput = {
    kind: 'engine-event',
    event: {
      action: 'die',
      containerId: 'id-data-api',
      service: undefined,
      health: undefined,
      exitCode: 1,
      atMs: startMs + 500,
    },
  };
  const exited = withChange('data-api', { state: 'exited', exitCode: 1 });
  const state = fold([listed(goodContainers), died, listed(exited, startMs + 600)]);
  assert.equal(serviceOf(state, 'data-api')?.sinceMs, startMs + 500);
  assert.deepEqual(state.events[0], {
    atMs: startMs + 500,
    service: 'data-api',
    containerId: 'id-data-api',
    what: { kind: 'ended', exitCode: 1 },
  });
  const later = fold([listed(exited, startMs + 9_000)], state);
  assert.equal(serviceOf(later, 'data-api')?.sinceMs, startMs + 500);
  assert.equal(serviceOf(fold([listed(exited)]), 'data-api')?.sinceMs, undefined, 'nobody saw it end');
});

test('data: samples make a history; a failure keeps the last sample and says why', () => {
  const sample = { pointsPerMinute: 212, lastPointAtMs: startMs - 2_000, otherModePointsPerMinute: 0 };
  const state = fold([
    { kind: 'data', atMs: startMs, sample },
    { kind: 'data-failed', atMs: startMs + 10_000, message: 'InfluxDB did not answer' },
  ]);
  assert.equal(state.data.sample?.pointsPerMinute, 212);
  assert.equal(state.data.problem, 'InfluxDB did not answer');
  assert.deepEqual(state.data.history, [212]);
});

test('whatever comes in, everything stays bounded, time never runs back, and the counts add up', () => {
  const container = fc.record({
    service: fc.constantFrom('influxdb', 'data-api', 'migrate', 'websocket-ingestion', 'stranger'),
    state: fc.constantFrom('created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'),
    health: fc.constantFrom('none', 'starting', 'healthy', 'unhealthy'),
    exitCode: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
  });
  const time = fc.integer({ min: 0, max: 1_000_000 }).map(ms => startMs + ms);
  const input: fc.Arbitrary<StatusInput> = fc.oneof(
    fc.record({
      kind: fc.constant('listed' as const),
      atMs: time,
      containers: fc.array(
        container.map(({ service, ...over }) => makeContainer(service, over)),
        { maxLength: 6 },
      ),
    }),
    fc.tuple(time, fc.nat(4_000), fc.nat(1e12)).map(([atMs, memoryMiB, cpuNs]) => ({
      kind: 'usage' as const,
      atMs,
      samples: new Map([['id-data-api', { memoryMiB, cpuNs, sampledAtMs: atMs }]]),
    })),
    time.map(atMs => ({ kind: 'engine-gone' as const, atMs, message: 'gone', retryAtMs: atMs + 1 })),
    time.map(atMs => ({
      kind: 'engine-event' as const,
      event: {
        action: 'start' as const,
        containerId: 'x',
        service: 'data-api',
        health: undefined,
        exitCode: undefined,
        atMs,
      },
    })),
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 400 }), inputs => {
      let before = makeStatus();
      for (const each of inputs) {
        const state = reduceStatus(before, each);
        assert.ok(state.nowMs >= before.nowMs);
        assert.ok(state.events.length <= eventLimit);
        assert.ok(state.totals.memoryHistory.length <= historyLength);
        for (const { history, usage: now } of state.services) {
          assert.ok(history.memoryMiB.length <= historyLength);
          assert.ok(now?.cpuShare === undefined || (now.cpuShare >= 0 && now.cpuShare <= 1));
        }
        const judgement = judgeDeployment(state);
        assert.ok(judgement.goodCount <= judgement.wantedCount);
        assert.equal(judgement.isHealthy, judgement.reasons.length === 0);
        before = state;
      }
    }),
    { numRuns: 60 },
  );
});
