/** What a set-up without the operator's Home Assistant comes to. */

import { homeAssistantKeys } from './keys.ts';

type PlannedStart = { readonly name: string; readonly start: boolean; readonly reason?: string };

/** The services that do not start for want of Home Assistant, in a sentence; `services` are the plan's. */
export function describeWithoutHomeAssistant(services: readonly PlannedStart[]): string {
  const keys: readonly string[] = Object.values(homeAssistantKeys);
  const names = services
    .filter(({ start, reason }) => !start && keys.some(key => reason?.includes(key)))
    .map(({ name }) => name);
  return names.length === 0
    ? 'Without them no events are recorded.'
    : `Without them no events are recorded, and these services are left out: ${names.join(', ')}.`;
}
