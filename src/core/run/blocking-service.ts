/** Which service keeps the others from coming up. */

import type { ServicePhase } from './journal-event.ts';
import type { RunState } from './reduce-run.ts';

/** What failed before what is still on its way; a service that only waits keeps nobody. */
const blockingPhases: readonly ServicePhase[] = ['exited', 'unhealthy', 'starting', 'creating'];

/** Its name; undefined when the services are not what the run failed at. */
export function blockingService({ services }: RunState): string | undefined {
  for (const phase of blockingPhases) {
    const found = services.find(service => service.phase === phase);
    if (found !== undefined) return found.name;
  }
  return undefined;
}
