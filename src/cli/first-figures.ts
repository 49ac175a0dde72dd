/** The status before its screen is loaded: the services with their first figures, on the early frame. */

import { recallStack } from '../app/known-stack.ts';
import { describeDeployment } from '../app/monitor/describe-deployment.ts';
import { glance } from '../app/monitor/glance.ts';
import { idleLog } from '../app/monitor/log-follower.ts';
import { firstSessionState } from '../app/monitor/status-session.ts';
import { whenever } from '../app/monitor/whenever.ts';
import { runningContainers, type StatusState } from '../core/status/status-state.ts';
import { presentStatus } from '../ui/present/status.ts';
import type { EarlyFrame } from '../ui/tui/early-frame.ts';
import { type WatchedDeployment, type WatchRequest, watchDeployment } from './watch-deployment.ts';

/** A busy machine does not hold the screen up, which alone listens to keys. */
const usualWaitMs = 400;

/** Nothing that is worth waiting for is still to come. */
const hasFigures = (status: StatusState): boolean =>
  status.engine.kind === 'gone' ||
  (status.engine.kind === 'answering' && runningContainers(status).length === 0) ||
  status.services.some(({ usage }) => usage !== undefined);

export type EarlyWatch = {
  readonly watched: WatchedDeployment;
  /** Resolves when the figures of the drawing can be followed by those that are watched, or when it has taken long enough. */
  readonly ready: Promise<void>;
};

/**
 * Draws on `early` what can be seen at a glance, and begins to watch; what it throws ends that. Undefined when Compose has
 * to be asked first: that takes longer than to load the screen.
 */
export async function showFirstFigures(
  early: EarlyFrame,
  request: WatchRequest,
  longestWaitMs = usualWaitMs,
): Promise<EarlyWatch | undefined> {
  const { ports, memoryBudgetMiB, isReadOnly } = request;
  const stack = await recallStack(ports);
  if (stack === undefined) return undefined;
  const deployment = await describeDeployment(ports, { memoryBudgetMiB }, stack);
  const patience = AbortSignal.timeout(longestWaitMs);
  // An engine that does not answer is told by those who watch.
  const status = await glance({
    engine: ports.engine,
    clock: ports.clock,
    status: deployment.status,
    signal: patience,
  }).catch(() => undefined);
  if (status !== undefined) {
    const state = firstSessionState(status, idleLog, { isReadOnly, interrupted: undefined });
    early.draw(viewport => presentStatus(state, viewport));
  }
  const watched = await watchDeployment(request, deployment, status);
  const over = AbortSignal.any([watched.signal, patience]);
  return { watched, ready: whenever(watched.monitor.store, hasFigures, over) };
}
