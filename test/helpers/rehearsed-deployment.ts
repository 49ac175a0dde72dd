/** A deployment of the committed stack that runs in this process, on a clock that a test moves. */

import { readFile } from 'node:fs/promises';
import { createRehearsalCompose } from '../../src/adapters/rehearsal/rehearsal-compose.ts';
import { createRehearsalEngine } from '../../src/adapters/rehearsal/rehearsal-engine.ts';
import { createRehearsalHealth } from '../../src/adapters/rehearsal/rehearsal-health.ts';
import { createRehearsalHost } from '../../src/adapters/rehearsal/rehearsal-host.ts';
import { type MonitorOptions, startMonitor } from '../../src/app/monitor/monitor.ts';
import { createStatusSession, type StatusSessionOptions } from '../../src/app/monitor/status-session.ts';
import { type Mode, modeFacts } from '../../src/core/mode/mode.ts';
import type { Level } from '../../src/core/plan/plan.ts';
import { parseStack } from '../../src/core/stack/parse-stack.ts';
import { servicesOfMode } from '../../src/core/stack/stack.ts';
import type { ComposeTarget } from '../../src/ports/compose.ts';
import { createManualClock } from './manual-clock.ts';

const snapshotFile = new URL('../../src/adapters/rehearsal/stack-snapshot.json', import.meta.url);

/** The containers of `mode`, created and started; not yet healthy. */
export async function createRehearsedDeployment({
  mode = 'test',
  level = 'bundled',
}: {
  readonly mode?: Mode;
  readonly level?: Level;
} = {}) {
  const clock = createManualClock();
  const rehearsal = createRehearsalEngine({ clock });
  const snapshot: unknown = JSON.parse(await readFile(snapshotFile, 'utf8'));
  const { mainBucket } = modeFacts[mode];
  const env = `DEPLOYMENT_MODE=${mode}\nCOMPOSE_PROFILES=${mode}\nINFLUXDB_BUCKET=${mainBucket}\nINFLUXDB_TOKEN=x\n`;
  const compose = createRehearsalCompose({
    rehearsal,
    clock,
    snapshot: async () => snapshot,
    readEnv: async () => env,
  });
  const target: ComposeTarget = { folder: '/f', project: 'homeiq', files: [], environment: undefined };
  const stack = parseStack(await compose.resolve(target));
  const services = servicesOfMode(stack, mode);
  for (const { image } of services) rehearsal.control.addImage(image);
  await compose.up(
    target,
    services.map(({ name }) => name),
  );
  const over = new AbortController();
  const options: MonitorOptions = {
    engine: rehearsal.engine,
    clock,
    status: {
      mode,
      level,
      project: 'homeiq',
      folder: '/home/somebody/homeiq',
      stack,
      leftOut: {},
      cores: 4,
      budgetMiB: 8192,
      bucket: mainBucket,
    },
    queryDataFlow: async () => ({
      pointsPerMinute: 212,
      lastPointAtMs: clock.now().getTime() - 2_000,
      otherModePointsPerMinute: 0,
      buckets: modeFacts[mode].buckets.map(({ name, retentionSeconds }, index) => ({
        name,
        retentionSeconds,
        bytes: index === 0 ? 412 * 1024 ** 2 : 1024,
      })),
      homeAssistant: { kind: 'accepted', text: '2026.1.2', askedAtMs: clock.now().getTime() },
      cost: { by: 'counters', requests: 12, queries: 2, lastMs: 4, totalMs: 300, answerBytes: 590_187 },
    }),
    health: { port: createRehearsalHealth(rehearsal.engine), pathOf: () => '/health' },
    box: { host: createRehearsalHost('UTC'), engine: rehearsal.engine, folder: '/home/somebody/homeiq' },
    act: async () => undefined,
    signal: over.signal,
  };
  const idOf = async (service: string): Promise<string> => {
    const containers = await rehearsal.engine.containers('homeiq');
    return containers.find(container => container.service === service)?.id ?? '';
  };
  return {
    clock,
    ...rehearsal,
    compose,
    target,
    stack,
    options,
    idOf,
    /** Starts the monitor, and a session that watches it. */
    watch: (change: Partial<MonitorOptions> = {}, sessionOptions: StatusSessionOptions = {}) => {
      const monitor = startMonitor({ ...options, ...change });
      return { monitor, session: createStatusSession(monitor, sessionOptions) };
    },
    end: () => over.abort(),
  };
}
