/** What to do about what the status shows, where one command mends it. */

import type { StatusState } from './status-state.ts';

/** One line each; empty when nothing of the kind is wrong. */
export function listMends({ services, mode }: Pick<StatusState, 'services' | 'mode'>): readonly string[] {
  return services.some(({ state }) => state.kind === 'wrong-mode')
    ? [`Stop and remove what is not of ${mode} mode: homeiq switch ${mode}`]
    : [];
}
