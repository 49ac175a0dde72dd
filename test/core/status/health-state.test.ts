import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHealthAnswer } from '../../../src/core/health/health-answer.ts';
import { joinAnswer } from '../../../src/core/status/health-state.ts';
import { judgeDeployment } from '../../../src/core/status/judge-deployment.ts';
import { reduceStatus } from '../../../src/core/status/reduce-status.ts';
import type { StatusState } from '../../../src/core/status/status-state.ts';
import { statusDocument } from '../../../src/ui/json/status-json.ts';
import { statusTable } from '../../../src/ui/plain/status-plain.ts';
import { goodContainers, makeStatus, startMs } from './status-fixtures.ts';

const listed = reduceStatus(makeStatus(), { kind: 'listed', atMs: startMs, containers: goodContainers });
const upMs = 60_000;

function hear(
  body: unknown,
  { status = 200, atMs = startMs + upMs, service = 'data-api' } = {},
): StatusState {
  const answer = readHealthAnswer(status, JSON.stringify(body));
  const seen = new Map([[service, { containerId: `id-${service}`, askedAtMs: atMs, answer }]]);
  return reduceStatus(listed, { kind: 'health', atMs, seen });
}
const stateOf = (state: StatusState, service = 'data-api') =>
  state.services.find(({ name }) => name === service)?.state;

describe('what a service says of itself', () => {
  it('another mode than the deployment is an error, in every rendering, with its mend', () => {
    const state = hear({ status: 'healthy', deployment: { deployment_mode: 'production' } });
    assert.deepEqual(stateOf(state), { kind: 'wrong-mode', mode: 'production' });
    assert.equal(judgeDeployment(state).isHealthy, false);
    assert.match(statusTable(state).join('\n'), /data-api runs in the wrong mode: production/);
    const document = statusDocument(state).services.find(({ name }) => name === 'data-api');
    assert.equal(document?.state, 'wrong-mode');
    assert.equal(document?.health?.mode, 'production');
  });

  it('no word of the mode says nothing of it', () => {
    assert.deepEqual(stateOf(hear({ status: 'healthy', version: '1.2.0' })), { kind: 'healthy' });
    assert.equal(judgeDeployment(hear({ status: 'healthy' })).isHealthy, true);
  });

  it('degraded with status 200 is no good health, and the reason is told; soon after its start it is warming up', () => {
    const body = { status: 'degraded', reason: 'Not subscribed to events' };
    const state = hear(body);
    assert.deepEqual(stateOf(state), { kind: 'degraded', reason: 'Not subscribed to events' });
    assert.match(
      judgeDeployment(state).reasons.join(),
      /data-api says it is not well: Not subscribed to events/,
    );
    const answer = readHealthAnswer(200, JSON.stringify(body));
    assert.deepEqual(joinAnswer({ kind: 'healthy' }, answer, 'test', 59_000), { kind: 'initializing' });
    assert.equal(stateOf(hear({ status: 'unhealthy', error: 'x' }))?.kind, 'degraded');
  });

  it('models that load are no fault', () => {
    const state = hear({ status: 'initializing' }, { service: 'openvino-service' });
    assert.deepEqual(stateOf(state, 'openvino-service'), { kind: 'initializing' });
    assert.equal(judgeDeployment(state).isHealthy, true);
  });

  it('stays through another list of the same container, and is forgotten with it', () => {
    const state = hear({ status: 'degraded' });
    const list = (containers: typeof goodContainers) =>
      reduceStatus(state, { kind: 'listed', atMs: startMs + 2 * upMs, containers });
    assert.equal(stateOf(list(goodContainers))?.kind, 'degraded');
    const anew = goodContainers.map(each => (each.service === 'data-api' ? { ...each, id: 'new' } : each));
    assert.deepEqual(stateOf(list(anew)), { kind: 'healthy' });
    const ended = goodContainers.map(each =>
      each.service === 'data-api' ? { ...each, health: 'unhealthy' as const } : each,
    );
    assert.deepEqual(stateOf(list(ended)), { kind: 'unhealthy' }, 'what the engine says is worse');
  });

  it('events of Home Assistant are told a minute once there are two answers', () => {
    const say = (state: StatusState, count: number, atMs: number): StatusState => {
      const body = { status: 'healthy', subscription: { is_subscribed: true, total_events_received: count } };
      const answer = readHealthAnswer(200, JSON.stringify(body));
      const seen = new Map([['data-api', { containerId: 'id-data-api', askedAtMs: atMs, answer }]]);
      return reduceStatus(state, { kind: 'health', atMs, seen });
    };
    const rateOf = (state: StatusState) =>
      state.services.find(({ name }) => name === 'data-api')?.health?.eventsPerMinute;
    const once = say(listed, 100, startMs);
    assert.equal(rateOf(once), undefined);
    const twice = say(once, 121, startMs + 30_000);
    assert.equal(rateOf(twice), 42);
    assert.match(statusTable(twice).join('\n'), /Data, events: data-api: connected, 42 events a minute/);
    assert.equal(rateOf(say(twice, 3, startMs + 60_000)), undefined, 'it counts anew');
  });

  it('of another container than the one there is now counts for nothing', () => {
    const seen = new Map([
      ['data-api', { containerId: 'old', askedAtMs: startMs, answer: readHealthAnswer(503, '{}') }],
    ]);
    assert.equal(
      reduceStatus(listed, { kind: 'health', atMs: startMs, seen }).services.some(({ health }) => health),
      false,
    );
  });
});

it('points in the other mode are an error that names who writes them, else what is written', () => {
  const sample = { pointsPerMinute: 5, lastPointAtMs: startMs, otherModePointsPerMinute: 12 };
  const judge = (more: object) =>
    judgeDeployment(reduceStatus(listed, { kind: 'data', atMs: startMs, sample: { ...sample, ...more } }))
      .reasons;
  const writers = [{ name: 'data-api', why: 'its INFLUXDB_BUCKET is home_assistant_events' }];
  assert.deepEqual(judge({ strays: { writers, measurements: ['x'] } }), [
    "data-api writes into production's buckets, 12 points a minute: its INFLUXDB_BUCKET is home_assistant_events",
  ]);
  assert.match(
    judge({ strays: { writers: [], measurements: ['weather'] } })[0] ?? '',
    /^somebody writes weather into/,
  );
  assert.match(judge({})[0] ?? '', /^somebody writes into production's buckets/);
  assert.deepEqual(judge({ otherModePointsPerMinute: 0 }), []);
});
