/** The status before its screen is loaded: the services with their first figures, on the early frame. */

import { recallStack } from '../app/monitor/known-stack.ts';
import { createStatusSession } from '../app/monitor/status-session.ts';
import { whenever } from '../app/monitor/whenever.ts';
import { runningContainers, type StatusState } from '../core/status/status-state.ts';
import { presentStatusFrame } from '../ui/present/status.ts';
import type { EarlyFrame } from '../ui/tui/early-frame.ts';
import { type WatchedDeployment, type WatchRequest, watchDeployment } from './watch-deployment.ts';

/** A busy machine does not hold the screen up, which alone listens to keys. */
const usualWaitMs = 400;

/** Nothing that is worth waiting for is still to come. */
const hasFigures = (status: StatusState): boolean =>
  status.engine.kind === 'gone' ||
  (status.engine.kind === 'answering' && runningContainers(status).length === 0) ||
  status.services.some(({ usage }) => usage !== undefined);

/**
 * Draws on `early` what is seen once figures are there or it has taken long enough, and returns what goes on being
 * watched; what it throws ends that. Undefined when Compose has to be asked first: that takes longer than to load the screen.
 */
export async function showFirstFigures(
  early: EarlyFrame,
  request: WatchRequest,
  longestWaitMs = usualWaitMs,
): Promise<WatchedDeployment | undefined> {
  const stack = await recallStack(request.ports);
  if (stack === undefined) return undefined;
  const watched = await watchDeployment(request, stack);
  const { monitor, interrupted, signal } = watched;
  const session = createStatusSession(monitor, { interrupted });
  await whenever(
    session.store,
    ({ status }) => hasFigures(status),
    AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]),
  );
  try {
    early.draw(viewport => {
      const { lines, inSight } = presentStatusFrame(session.store.get(), viewport);
      session.see(inSight);
      return lines;
    });
  } catch (thrown) {
    watched.leave();
    throw thrown;
  } finally {
    session.dispose();
  }
  return watched;
}
