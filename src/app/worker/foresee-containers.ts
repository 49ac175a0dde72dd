/** Compose needs half a second to make the containers, of which the engine needs a tenth: it begins as soon as it may. */

import { modeFacts } from '../../core/mode/mode.ts';
import type { StepContext } from './step.ts';

/**
 * Has the containers made while the steps before the services look, in a switch where these find nothing to do: InfluxDB
 * stays, and the tokens are there. What is made with a token that turns out to be refused is made again. A failure is told
 * by the step that needs the containers.
 */
export async function foreseeContainers(context: StepContext): Promise<void> {
  const { plan, request } = context;
  const doesInfluxdbStay = plan.changes?.some(({ kind, name }) => kind === 'keep' && name === 'influxdb');
  if (plan.from === undefined || doesInfluxdbStay !== true) return;
  const { INFLUXDB_TOKEN, HA_TOKEN } = await context.values();
  const bringsHomeAssistant = modeFacts[request.mode].homeAssistant === 'container';
  if (!INFLUXDB_TOKEN || (bringsHomeAssistant && !HA_TOKEN)) return;
  context.createContainers().catch(() => undefined);
}
