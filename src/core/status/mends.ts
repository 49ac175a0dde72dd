/** What to do about what the status shows, where one command mends it. */

import type { StatusState } from './status-state.ts';

type Mendable = Pick<StatusState, 'services' | 'mode' | 'tokenProblems'>;

/** What each command mends; empty when nothing of the kind is wrong. */
export function listMendSteps({
  services,
  mode,
  tokenProblems,
}: Mendable): readonly { readonly what: string; readonly command: string }[] {
  return [
    ...(services.some(({ state }) => state.kind === 'wrong-mode')
      ? [{ what: `Stop and remove what is not of ${mode} mode`, command: `homeiq switch ${mode}` }]
      : []),
    ...(tokenProblems.length > 0
      ? [{ what: 'Give the services their token', command: `homeiq buckets --mode ${mode}` }]
      : []),
  ];
}

/** The same, one line each. */
export const listMends = (state: Mendable): readonly string[] =>
  listMendSteps(state).map(({ what, command }) => `${what}: ${command}`);
