/** The status before its screen is loaded: the services with their first figures, on the early frame. */

import { recallStack } from '../app/monitor/known-stack.ts';
import { createStatusSession } from '../app/monitor/status-session.ts';
import { whenever } from '../app/monitor/whenever.ts';
import type { StatusState } from '../core/status/status-state.ts';
import { presentStatusFrame } from '../ui/present/status.ts';
import type { EarlyFrame } from '../ui/tui/early-frame.ts';
import { type WatchedDeployment, type WatchRequest, watchDeployment } from './watch-deployment.ts';

/** A busy machine does not hold the screen up, which alone listens to keys. */
const usualWaitMs = 400;

/** Nothing that is worth waiting for is still to come. */
const hasFigures = ({ engine, services }: StatusState): boolean =>
  engine.kind === 'gone' || services.some(({ usage }) => usage !== undefined);

/**
 * Draws on `early` what is seen, until figures are there or it has taken long enough, and returns what goes on being
 * watched. Undefined when Compose has to be asked first: that takes longer than to load the screen.
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
  const draw = (): void =>
    early.draw(viewport => {
      const { lines, inSight } = presentStatusFrame(session.store.get(), viewport);
      session.see(inSight);
      return lines;
    });
  await whenever(
    session.store,
    ({ status }) => hasFigures(status),
    AbortSignal.any([signal, AbortSignal.timeout(longestWaitMs)]),
  );
  draw();
  session.dispose();
  return watched;
}
