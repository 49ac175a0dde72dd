/** What can be done with services: which actions make sense for the states they are in. */

import { isExpected, isRunningState, type ServiceStatus } from './status-state.ts';

/** They interrupt or change something: asked about first, and done by a run. */
export type ServiceAction = 'restart' | 'stop' | 'start' | 'recreate';
/** They open something in the terminal and come back. */
export type TerminalAction = 'shell' | 'pager';

export type ServiceCommand = { readonly kind: ServiceAction; readonly services: readonly string[] };
/** The container of one service, to be opened in the terminal. */
export type TerminalRequest = {
  readonly kind: TerminalAction;
  readonly service: string;
  readonly containerId: string;
  readonly containerName: string;
};

export type ActionOffer = ServiceCommand | TerminalRequest;

const hasContainer = ({ containerId }: ServiceStatus): boolean => containerId !== undefined;

const hasProcess = ({ state }: ServiceStatus): boolean =>
  isRunningState(state) || state.kind === 'restarting';

/** What did its work and ended is started again only when it alone is meant. */
function startable(services: readonly ServiceStatus[]): readonly ServiceStatus[] {
  const down = services.filter(service => !hasProcess(service) && service.state.kind !== 'left-out');
  const ended = down.filter(({ state }) => state.kind !== 'done');
  return ended.length > 0 ? ended : down;
}

function openable(
  kind: TerminalAction,
  { name, containerId, containerName }: ServiceStatus,
): readonly ActionOffer[] {
  return containerId === undefined
    ? []
    : [{ kind, service: name, containerId, containerName: containerName ?? name }];
}

/** In the order in which they are offered; none when there is nothing to be done. */
export function offerActions(services: readonly ServiceStatus[], canChange: boolean): readonly ActionOffer[] {
  const made = services.filter(hasContainer);
  const running = made.filter(hasProcess);
  const offer = (kind: ServiceAction, targets: readonly ServiceStatus[]): readonly ActionOffer[] =>
    targets.length === 0 ? [] : [{ kind, services: targets.map(({ name }) => name) }];
  const [only] = services;
  const isOne = only !== undefined && services.length === 1;
  const hasShell = isOne && isRunningState(only.state) && only.state.kind !== 'paused';
  return [
    ...(canChange
      ? [
          ...offer('restart', running),
          ...offer('stop', running),
          ...offer('start', startable(made)),
          // Only what the stack describes can be made anew.
          ...offer(
            'recreate',
            made.filter(({ role }) => isExpected(role)),
          ),
          ...(hasShell ? openable('shell', only) : []),
        ]
      : []),
    ...(isOne ? openable('pager', only) : []),
  ];
}
