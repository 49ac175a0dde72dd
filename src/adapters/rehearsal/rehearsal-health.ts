/** What the rehearsed services say of themselves. */

import type { HealthAnswer } from '../../core/health/health-answer.ts';
import type { Container, Engine } from '../../ports/engine.ts';
import type { ServiceHealth } from '../../ports/program.ts';

/** As its container is; a bound service tells its mode. */
export const rehearseHealth = ({ health, environment }: Container): HealthAnswer => ({
  status: health === 'unhealthy' ? 503 : 200,
  word: health === 'none' ? 'healthy' : health,
  mode: environment.DEPLOYMENT_MODE,
  version: 'rehearsal',
  reason: health === 'unhealthy' ? 'rehearsed fault' : undefined,
  events: undefined,
});

export const createRehearsalHealth = (engine: Pick<Engine, 'readHealth'>): ServiceHealth => ({
  ask: async container =>
    container.state !== 'running' || container.publishedPorts.length === 0
      ? undefined
      : rehearseHealth(container),
  askInside: (container, signal) => engine.readHealth(container, signal),
});
