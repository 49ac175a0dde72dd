import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { startHealthWatch } from '../../../src/app/monitor/watch-health.ts';
import { readHealthAnswer } from '../../../src/core/health/health-answer.ts';
import type { StatusInput } from '../../../src/core/status/reduce-status.ts';
import type { Container } from '../../../src/ports/engine.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

const container = (service: string, over: Partial<Container> = {}): Container =>
  ({
    id: `id-${service}`,
    name: service,
    service,
    state: 'running',
    health: 'healthy',
    startedAt: '2026-01-05T12:00:00.000Z',
    publishedPorts: [{ hostAddress: '127.0.0.1', hostPort: 8000 }],
    ...over,
  }) as Container;

function open(t: TestContext) {
  const over = new AbortController();
  t.after(() => over.abort());
  const asked: string[] = [];
  const heard: StatusInput[] = [];
  const clock = createManualClock();
  const answer = readHealthAnswer(200, '{"status":"healthy"}');
  const watch = startHealthWatch({
    source: {
      port: {
        ask: async ({ service }, path) => {
          asked.push(`${service} ${path}`);
          return answer;
        },
        askInside: async ({ id }) => {
          asked.push(`inside ${id}`);
          return answer;
        },
      },
      pathOf: name => (name === 'stranger' ? undefined : '/health'),
    },
    clock,
    watched: async () => undefined,
    hear: input => void heard.push(input),
    signal: over.signal,
  });
  return { watch, asked, heard, clock };
}

describe('asking services for their health', () => {
  const hidden = container('ner-service', { publishedPorts: [] });
  const all = [container('data-api'), hidden, container('stranger'), container('off', { state: 'exited' })];

  it('once when they are there, again when their state changes, and not because a list came', async t => {
    const { watch, asked, heard, clock } = open(t);
    watch.listed(all);
    await clock.advance(1_000);
    assert.deepEqual(asked.splice(0), ['data-api /health']);
    watch.listed(all);
    await clock.advance(1_000);
    assert.deepEqual(asked, []);
    watch.listed([container('data-api', { health: 'unhealthy' }), hidden]);
    await clock.advance(1_000);
    assert.deepEqual(asked.splice(0), ['data-api /health']);
    watch.listed([container('data-api', { id: 'new', health: 'starting' }), hidden]);
    await clock.advance(1_000);
    assert.deepEqual(asked, [], 'what starts has nothing to say yet');
    assert.ok(heard.every(({ kind }) => kind === 'health'));
  });

  it('at most once a minute otherwise', async t => {
    const { watch, asked, clock } = open(t);
    watch.listed(all);
    await clock.advance(10 * 60_000);
    assert.ok(asked.length >= 10 && asked.length <= 11, String(asked.length));
    assert.deepEqual(new Set(asked), new Set(['data-api /health']));
  });

  it('when somebody looks: inside where no port is published, and not again within seconds', async t => {
    const { watch, asked, clock } = open(t);
    watch.listed(all);
    await clock.advance(1_000);
    asked.splice(0);
    watch.ask('data-api');
    watch.ask('ner-service');
    watch.ask('ner-service');
    watch.ask('off');
    watch.ask('nobody');
    await clock.advance(100);
    assert.deepEqual(asked.splice(0), ['inside id-ner-service'], 'data-api answered a second ago');
    await clock.advance(6_000);
    watch.ask('data-api');
    watch.ask('ner-service');
    await clock.advance(100);
    assert.deepEqual(asked, ['data-api /health', 'inside id-ner-service']);
  });
});
