import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHealthAnswer } from '../../../src/core/health/health-answer.ts';
import { judgeAnswer, toldMode } from '../../../src/core/health/judge-answer.ts';

const read = (body: unknown, status = 200) => readHealthAnswer(status, JSON.stringify(body));
const nothing = {
  word: undefined,
  mode: undefined,
  version: undefined,
  reason: undefined,
  events: undefined,
};

describe('what a service says on its health path', () => {
  it('mode, version and word are read; a good answer has no reason', () => {
    const answer = read({
      status: 'Healthy',
      version: '1.4.0',
      message: 'all is well',
      deployment: { deployment_mode: 'test', is_test: true },
    });
    assert.deepEqual(answer, { ...nothing, status: 200, word: 'healthy', mode: 'test', version: '1.4.0' });
    assert.equal(judgeAnswer(answer), 'well');
    assert.equal(read({ deployment_mode: 'production' }).mode, 'production');
  });

  it('an ingestion without Home Assistant: degraded with status 200, with its reason and its events', () => {
    const answer = read({
      status: 'degraded',
      reason: 'Not subscribed to events',
      connection: { is_running: true, failed_connections: 7 },
      subscription: { is_subscribed: false, total_events_received: 41 },
    });
    assert.equal(judgeAnswer(answer), 'degraded');
    assert.equal(answer.reason, 'Not subscribed to events');
    assert.deepEqual(answer.events, { isConnected: false, count: 41 });
  });

  it('without a reason of its own the parts tell', () => {
    const degraded = read({
      status: 'degraded',
      database: { connected: false },
      dependencies: [
        { name: 'InfluxDB', status: 'healthy' },
        { name: 'Data API', status: 'unhealthy' },
      ],
    });
    assert.equal(degraded.reason, 'database is not connected, Data API is unhealthy');
  });

  it('models that load are starting, InfluxDB passes, Home Assistant wants a token: none is a fault', () => {
    assert.equal(judgeAnswer(read({ status: 'initializing' })), 'starting');
    assert.equal(judgeAnswer(read({ name: 'influxdb', status: 'pass', version: 'v2.9.1' })), 'well');
    assert.equal(judgeAnswer(readHealthAnswer(401, '401: Unauthorized')), 'well');
    assert.equal(judgeAnswer(readHealthAnswer(503, 'no')), 'unwell');
    assert.equal(judgeAnswer(read({ status: 'unhealthy', error: 'x' })), 'unwell');
  });

  it('whatever comes is harmless and bounded', () => {
    for (const body of [
      '',
      'null',
      '[]',
      '"x"',
      '{"status":5,"version":{},"deployment":"x"}',
      '<html>',
      '{',
    ]) {
      assert.deepEqual(readHealthAnswer(200, body), { ...nothing, status: 200 });
    }
    const evil = read({ status: 'degraded', reason: `\u001b[2J\u202eno\nway ${'x'.repeat(500)}` });
    assert.match(evil.reason ?? '', /^no way x+\.\.\.$/);
    assert.ok((evil.reason ?? '').length < 170);
    assert.equal(read({ deployment_mode: '\u001b]0;x\u0007test' }).mode, 'test');
  });

  it('the answer tells the mode; a missing block leaves it to the environment, and then to nobody', () => {
    const environment = { DEPLOYMENT_MODE: 'production' };
    assert.deepEqual(toldMode({ mode: 'Test ' }, environment), { kind: 'told', mode: 'test', by: 'health' });
    assert.deepEqual(toldMode({ mode: undefined }, environment), {
      kind: 'told',
      mode: 'production',
      by: 'environment',
    });
    assert.deepEqual(toldMode(undefined, environment), {
      kind: 'told',
      mode: 'production',
      by: 'environment',
    });
    assert.deepEqual(toldMode({ mode: 'prodution' }, {}), { kind: 'told', mode: 'prodution', by: 'health' });
    assert.deepEqual(toldMode(undefined, {}), { kind: 'unknown' });
  });
});
