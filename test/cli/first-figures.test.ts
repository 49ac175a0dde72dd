/** The status on the early frame, of a rehearsed deployment with its real files. */

import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { createKnownStack } from '../../src/adapters/files/known-stack.ts';
import { hasStackChanged } from '../../src/app/known-stack.ts';
import { describeDeployment } from '../../src/app/monitor/describe-deployment.ts';
import { showFirstFigures } from '../../src/cli/first-figures.ts';
import type { WatchRequest } from '../../src/cli/watch-deployment.ts';
import { ExternalError } from '../../src/core/error.ts';
import type { Engine } from '../../src/ports/engine.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { chooseGlyphs } from '../../src/ui/present/glyphs.ts';
import type { EarlyFrame } from '../../src/ui/tui/early-frame.ts';
import { rehearse } from '../helpers/rehearse.ts';
import { createRehearsedDeployment } from '../helpers/rehearsed-deployment.ts';

async function open(t: TestContext, change: Partial<Engine> = {}) {
  const { setUp, ports: rehearsed, folder } = await rehearse(t);
  await setUp('test');
  const { options } = await createRehearsedDeployment();
  const { clock } = options;
  // Its containers stand for those of the rehearsed folder, whose project has another name.
  const engine: Engine = {
    ...options.engine,
    containers: () => options.engine.containers('homeiq'),
    glance: () => options.engine.glance('homeiq'),
    ...change,
  };
  const ports: Ports = { ...rehearsed, engine, clock, knownStack: createKnownStack(folder, '1.0.0') };
  let drawn: readonly string[] = [];
  const early: EarlyFrame = {
    draw: present => {
      const lines = present({ columns: 100, rows: 40, glyphs: chooseGlyphs({ LANG: 'C.UTF-8' }) });
      drawn = lines.map(spans => spans.map(({ text }) => text).join(''));
    },
    handOver: () => {},
    end: () => {},
  };
  const show = async () => {
    const request: WatchRequest = {
      ports,
      openSession: () => assert.fail('nothing was asked for'),
      memoryBudgetMiB: undefined,
      isReadOnly: true,
    };
    const shown = await showFirstFigures(early, request, 60_000);
    t.after(() => shown?.watched.leave());
    return shown;
  };
  const keep = async () => {
    const { stack } = await describeDeployment(ports, { memoryBudgetMiB: undefined });
    const confirmed = { ...ports, clock: { ...ports.clock, sleep: async () => {} } };
    await hasStackChanged(confirmed, stack, { mayKeep: true, signal: AbortSignal.timeout(60_000) });
  };
  return { keep, show, drawn: () => drawn };
}

test('a stack that is known is on the early frame with figures, and goes on being watched', async t => {
  const { keep, show, drawn } = await open(t);
  await keep();
  const shown = await show();
  assert.ok(
    drawn().some(text => /influxdb .*\d+ MB/.test(text)),
    drawn().join('\n'),
  );
  await shown?.ready;
  const { services } = shown?.watched.monitor.store.get() ?? assert.fail('nobody watches');
  assert.ok(services.some(({ usage }) => usage !== undefined));
  assert.equal(shown?.watched.signal.aborted, false);
});

test('what only the engine could tell of memory is not asked for the drawing', async t => {
  const askables: (ReadonlySet<string> | undefined)[] = [];
  const { keep, show } = await open(t, {
    usage: async (_containers, _signal, askable) => {
      askables.push(askable);
      return new Map();
    },
  });
  await keep();
  await show();
  assert.equal(askables[0]?.size, 0);
});

test('where Compose has to be asked first, the screen is not held up', async t => {
  const { show, drawn } = await open(t);
  assert.equal(await show(), undefined);
  assert.deepEqual(drawn(), []);
});

test('where nothing runs no figures are waited for', { timeout: 50_000 }, async t => {
  const { keep, show, drawn } = await open(t, {
    containers: async () => [],
    glance: async () => [],
  });
  await keep();
  await (await show())?.ready;
  assert.ok(
    drawn().some(text => /influxdb .*missing/.test(text)),
    drawn().join('\n'),
  );
});

test('what was drawn stays when the engine goes right after it', async t => {
  const { keep, show } = await open(t, {
    containers: async () => {
      throw new ExternalError('The Docker Engine does not answer', { command: 'GET /containers/json' });
    },
  });
  await keep();
  const shown = await show();
  await shown?.ready;
  const { engine, services } = shown?.watched.monitor.store.get() ?? assert.fail('nobody watches');
  assert.equal(engine.kind, 'gone');
  assert.notEqual(services.find(({ name }) => name === 'influxdb')?.state.kind, 'missing');
});

test('an engine that does not answer is told by those who watch', async t => {
  const gone = async () => {
    throw new ExternalError('The Docker Engine does not answer', { command: 'GET /containers/json' });
  };
  const { keep, show, drawn } = await open(t, { containers: gone, glance: gone });
  await keep();
  const shown = await show();
  await shown?.ready;
  assert.deepEqual(drawn(), []);
  assert.equal(shown?.watched.monitor.store.get().engine.kind, 'gone');
});
