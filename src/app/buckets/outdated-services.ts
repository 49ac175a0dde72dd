import type { Mode } from '../../core/mode/mode.ts';
import type { Container } from '../../ports/engine.ts';

/** Running services of the mode whose environment has another token than the stored one. */
export const findOutdatedServices = (
  containers: readonly Container[],
  mode: Mode,
  token: string | undefined,
): readonly string[] =>
  containers.flatMap(({ state, service, environment }) => {
    const { INFLUXDB_TOKEN: held, DEPLOYMENT_MODE: ofMode } = environment;
    const isOutdated = state === 'running' && held !== undefined && held !== token && ofMode === mode;
    return isOutdated && service !== undefined ? [service] : [];
  });
