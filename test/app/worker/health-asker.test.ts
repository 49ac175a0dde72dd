/** When the health command of a service that others wait for is asked. */

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createHealthAsker } from '../../../src/app/worker/health-asker.ts';
import type { StepContext } from '../../../src/app/worker/step.ts';
import type { Container } from '../../../src/ports/engine.ts';
import { makeService } from '../../core/status/status-fixtures.ts';
import { createManualClock, settlePromises } from '../../helpers/manual-clock.ts';

const port = { hostAddress: '127.0.0.1', hostPort: 8006, containerPort: 8006 };
const web = makeService('web', 'core', 1, { healthPath: '/health', ports: [port] });
const hidden = makeService('hidden', 'core', 1, { healthPath: '/health', ports: [] });
// As it was looked at last: before its start.
const container = { id: 'a', state: 'created', publishedPorts: [] } as unknown as Container;

function open() {
  const clock = createManualClock();
  let speaks = false;
  let isHealthy = false;
  let questions = 0;
  let tries = 0;
  const ports = {
    clock,
    health: {
      ask: async ({ publishedPorts: [published] }: Container, path: string) => {
        tries += 1;
        assert.deepEqual([published?.hostPort, path], [8006, '/health']);
        return speaks ? { status: 503 } : undefined;
      },
    },
    engine: {
      askHealth: async () => {
        questions += 1;
        return isHealthy;
      },
    },
  };
  const context = { ports, signal: new AbortController().signal } as unknown as StepContext;
  const asker = createHealthAsker(context, () => {});
  return {
    clock,
    asker,
    ask: async (service = web) => {
      asker.ask(service, container);
      await settlePromises();
    },
    counts: () => ({ questions, tries }),
    set: (next: { readonly speaks?: boolean; readonly isHealthy?: boolean }) => {
      speaks = next.speaks ?? speaks;
      isHealthy = next.isHealthy ?? isHealthy;
    },
  };
}

it('once its port answers, and again in a while as long as it fails', async () => {
  const { ask, asker, counts, set, clock } = open();
  await ask();
  await ask();
  assert.deepEqual(counts(), { questions: 0, tries: 2 });
  set({ speaks: true });
  await ask();
  assert.deepEqual(counts(), { questions: 1, tries: 3 });
  set({ isHealthy: true });
  await ask();
  assert.equal(counts().questions, 1, 'it has just failed');
  await clock.advance(200);
  await ask();
  assert.deepEqual([counts().questions, asker.answering.has('a')], [2, true]);
  await ask();
  assert.equal(counts().questions, 2, 'it has answered');
});

it('all the same when its port stays silent: that may be out of reach from here', async () => {
  const { ask, counts } = open();
  for (let turn = 0; turn < 11; turn += 1) await ask();
  assert.deepEqual(counts(), { questions: 1, tries: 11 });
});

it('at once where no port is published', async () => {
  const { ask, counts } = open();
  await ask(hidden);
  assert.deepEqual(counts(), { questions: 1, tries: 0 });
});
