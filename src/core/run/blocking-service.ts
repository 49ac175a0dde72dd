/** What a run that failed leaves to choose from: the service to look at, and the mode to go back to. */

import type { Mode } from '../mode/mode.ts';
import type { ServicePhase } from './journal-event.ts';
import type { RunState } from './reduce-run.ts';

/** What failed before what is still on its way; a service that only waits keeps nobody. */
const blockingPhases: readonly ServicePhase[] = ['exited', 'unhealthy', 'starting', 'creating'];

/** The service that keeps the others from coming up; undefined when the services are not what the run failed at. */
export function blockingService({ status, services }: RunState): string | undefined {
  if (status !== 'failed') return undefined;
  for (const phase of blockingPhases) {
    const found = services.find(service => service.phase === phase);
    if (found !== undefined) return found.name;
  }
  return undefined;
}

/** The mode to which a switch that did not come to its end can go back. One that went back already has none. */
export function modeToGoBackTo({ status, plan, abandoned }: RunState): Mode | undefined {
  const isOpen = status === 'failed' || status === 'stopped' || status === 'lost';
  return isOpen && abandoned === undefined ? plan?.from : undefined;
}
