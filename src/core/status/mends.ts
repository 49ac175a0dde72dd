/** What to do about what the status shows, where one command mends it. */

import type { StatusState } from './status-state.ts';

/** What each command mends; empty when nothing of the kind is wrong. */
export function listMendSteps({
  services,
  mode,
}: Pick<StatusState, 'services' | 'mode'>): readonly { readonly what: string; readonly command: string }[] {
  return services.some(({ state }) => state.kind === 'wrong-mode')
    ? [{ what: `Stop and remove what is not of ${mode} mode`, command: `homeiq switch ${mode}` }]
    : [];
}

/** The same, one line each. */
export const listMends = (state: Pick<StatusState, 'services' | 'mode'>): readonly string[] =>
  listMendSteps(state).map(({ what, command }) => `${what}: ${command}`);
