/** What bare `homeiq` watches, with or without a screen to show it on. */

import { setMaxListeners } from 'node:events';
import { findInterrupted } from '../app/history/past-runs.ts';
import type { DescribedDeployment } from '../app/monitor/describe-deployment.ts';
import { createMemoryFeed } from '../app/monitor/memory-feed.ts';
import { type Monitor, startMonitor } from '../app/monitor/monitor.ts';
import type { PastRun } from '../core/run/run-history.ts';
import type { Stack } from '../core/stack/stack.ts';
import type { StatusState } from '../core/status/status-state.ts';
import type { Ports } from '../ports/ports.ts';
import { plainLogLine } from '../ui/plain/log-line.ts';
import { createAct } from './act-on-services.ts';
import type { Session } from './session.ts';

export type WatchRequest = {
  readonly ports: Ports;
  /** What an action and the doctor need besides; loaded when one is asked for. */
  readonly openSession: () => Promise<Session>;
  readonly memoryBudgetMiB: number | undefined;
  /** Nothing is changed, and nothing is written but a log that is saved. */
  readonly isReadOnly: boolean;
};

export type WatchedDeployment = {
  /** As it was when the watching began. */
  readonly stack: Stack;
  readonly monitor: Monitor;
  readonly interrupted: PastRun | undefined;
  /** Aborted when the watching ends. */
  readonly signal: AbortSignal;
  readonly leave: () => void;
  /** Writes what was measured of memory since the last time. */
  readonly keepMemory: () => Promise<void>;
};

export async function watchDeployment(
  { ports, openSession, isReadOnly }: WatchRequest,
  deployment: DescribedDeployment,
  glanced?: StatusState,
): Promise<WatchedDeployment> {
  const leaving = new AbortController();
  const { signal } = leaving;
  // Every container that is looked at listens for the end.
  setMaxListeners(0, signal);
  const interrupted = await findInterrupted(ports);
  const { engine, clock, memory: records } = ports;
  const memoryFeed = isReadOnly
    ? undefined
    : createMemoryFeed({ mode: deployment.status.mode, engine, records, clock });
  const monitor = startMonitor({
    engine,
    clock,
    ...deployment,
    glanced,
    ...(memoryFeed === undefined ? {} : { memoryFeed }),
    act: isReadOnly ? undefined : createAct(openSession, signal),
    saveLog: (name, lines) =>
      ports.files.saveLog(name, `${lines.map(entry => plainLogLine(entry, true)).join('\n')}\n`),
    signal,
  });
  return {
    stack: deployment.stack,
    monitor,
    interrupted,
    signal,
    leave: () => leaving.abort(),
    keepMemory: async () => memoryFeed?.close(),
  };
}
