/** The status screen that is opened anew when Compose says something else than last time. */

import assert from 'node:assert/strict';
import test from 'node:test';
import { describeDeployment } from '../../src/app/monitor/describe-deployment.ts';
import { makeStatusScreen } from '../../src/cli/home-status.ts';
import { watchDeployment } from '../../src/cli/watch-deployment.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import type { Ports } from '../../src/ports/ports.ts';
import type { Shell, TuiScreen } from '../../src/ui/tui/screen.ts';
import { rehearse } from '../helpers/rehearse.ts';
import { createRehearsedDeployment } from '../helpers/rehearsed-deployment.ts';
import { until } from '../helpers/until.ts';

async function open(t: test.TestContext) {
  const { setUp, ports: rehearsed } = await rehearse(t);
  await setUp('test');
  const { options } = await createRehearsedDeployment();
  const snapshot = parseStack(await rehearsed.program.stackSnapshot());
  let recall = (): void => {};
  let isAsked = false;
  const recalled = new Promise<void>(resolve => {
    recall = resolve;
  });
  /** One for each time that somebody began to watch; aborted when that is over. */
  const watches: AbortSignal[] = [];
  const ports: Ports = {
    ...rehearsed,
    engine: {
      ...options.engine,
      events: (project, signal, sinceMs) => {
        watches.push(signal);
        return options.engine.events(project, signal, sinceMs);
      },
    },
    clock: {
      ...options.clock,
      sleep: async (ms, signal) => (ms === 2_000 ? undefined : options.clock.sleep(ms, signal)),
    },
    knownStack: {
      recall: async () => {
        isAsked = true;
        await recalled;
        return snapshot;
      },
      keep: async () => {},
    },
  };
  const request = {
    ports,
    openSession: () => assert.fail('nothing was asked for'),
    memoryBudgetMiB: undefined,
    isReadOnly: true,
    level: 'rehearsal',
    environment: {},
  } as const;
  let show: (screen: TuiScreen) => void = () => {};
  const shown = new Promise<TuiScreen>(resolve => {
    show = resolve;
  });
  const shell: Shell = {
    show,
    switchFrom: () => {},
    exit: () => {},
    suspend: work => work(),
  };
  const before = { ...snapshot, services: snapshot.services.slice(1) };
  const deployment = await describeDeployment(ports, { memoryBudgetMiB: undefined }, before);
  const watched = await watchDeployment(request, deployment);
  t.after(() => watched.leave());
  makeStatusScreen(shell, watched, request);
  await until(() => isAsked);
  return { watched, recall, shown, watches };
}

test('it is shown anew, and the old one watches no more', async t => {
  const { watched, recall, shown } = await open(t);
  recall();
  const next = await shown;
  t.after(() => next.handleKey({ kind: 'key', key: 'q', text: 'q' }));
  assert.ok(watched.signal.aborted);
});

test('whoever has left meanwhile is not called back', async t => {
  const { watched, recall, shown, watches } = await open(t);
  let isShown = false;
  void shown.then(() => {
    isShown = true;
  });
  watched.leave();
  recall();
  await until(() => watches.length === 2 && watches.every(({ aborted }) => aborted));
  assert.equal(isShown, false);
});
