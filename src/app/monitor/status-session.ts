/** The status screen at work: joins what the monitor knows with what the operator looks at, and runs the effects. */

import { reportError, UserError } from '../../core/error.ts';
import type { LogEntry } from '../../core/logs/log-entry.ts';
import type { PastRun } from '../../core/run/run-history.ts';
import type { ServiceCommand, TerminalRequest } from '../../core/status/service-actions.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { createStore, type Store } from '../store.ts';
import type { LogState } from './log-follower.ts';
import type { Monitor } from './monitor.ts';
import { reduceStatusView } from './reduce-status-view.ts';
import { firstStatusView, type StatusEffect, type StatusIntent, type StatusView } from './status-view.ts';

export type StatusSessionState = {
  readonly status: StatusState;
  readonly logs: LogState;
  readonly view: StatusView;
  /** The run that broke off, as long as no later one has been at work. */
  readonly interrupted?: PastRun;
};

export type StatusSession = {
  readonly store: Store<StatusSessionState>;
  readonly dispatch: (intent: StatusIntent) => void;
  /** Tells of which services the figures can be seen. */
  readonly see: (services: readonly string[]) => void;
  /** Stops watching; the monitor itself ends with its signal. */
  readonly dispose: () => void;
};

const doing: Readonly<Record<ServiceCommand['kind'], string>> = {
  restart: 'Restarting',
  stop: 'Stopping',
  start: 'Starting',
  recreate: 'Recreating',
};
const done: Readonly<Record<ServiceCommand['kind'], string>> = {
  restart: 'restarted',
  stop: 'stopped',
  start: 'started',
  recreate: 'recreated',
};

const nameTargets = (services: readonly string[]): string =>
  services.length === 1 ? (services[0] ?? '') : `${services.length} services`;

export type StatusSessionOptions = {
  readonly interrupted?: PastRun | undefined;
  /** Lends the terminal to a shell or a pager; resolves when it is back. Undefined: there is none to lend. */
  readonly openInTerminal?: ((request: TerminalRequest) => Promise<void>) | undefined;
};

export function createStatusSession(
  monitor: Monitor,
  { interrupted, openInTerminal }: StatusSessionOptions = {},
): StatusSession {
  const store = createStore<StatusSessionState>({
    status: monitor.store.get(),
    logs: monitor.logs.get(),
    view: { ...firstStatusView, isReadOnly: monitor.act === undefined },
    ...(interrupted === undefined ? {} : { interrupted }),
  });
  const setView = (change: Partial<StatusView>): void =>
    store.set({ ...store.get(), view: { ...store.get().view, ...change } });
  const stopStatus = monitor.store.subscribe(() =>
    store.set({ ...store.get(), status: monitor.store.get() }),
  );
  const stopLogs = monitor.logs.subscribe(() => store.set({ ...store.get(), logs: monitor.logs.get() }));

  const act = async (command: ServiceCommand): Promise<void> => {
    if (monitor.act === undefined || store.get().view.notice?.kind === 'busy') return;
    const targets = nameTargets(command.services);
    setView({ notice: { kind: 'busy', text: `${doing[command.kind]} ${targets}` } });
    try {
      await monitor.act(command);
      const { interrupted: _taken, ...rest } = store.get();
      store.set(rest);
      setView({ notice: { kind: 'done', text: `${targets} ${done[command.kind]}.` } });
    } catch (thrown) {
      setView({ notice: { kind: 'failed', text: reportError(thrown).message } });
    }
  };

  const save = async (name: string, lines: readonly LogEntry[]): Promise<void> => {
    if (monitor.saveLog === undefined) {
      setView({ notice: { kind: 'failed', text: 'There is no folder to save it in.' } });
      return;
    }
    try {
      const path = await monitor.saveLog(name, lines);
      const what = lines.length === 1 ? '1 line' : `${lines.length} lines`;
      setView({
        notice: {
          kind: 'done',
          text: `${what} saved, for you only to read, with what services wrote: ${path}`,
        },
      });
    } catch (thrown) {
      setView({ notice: { kind: 'failed', text: reportError(thrown).message } });
    }
  };

  const open = async (request: TerminalRequest): Promise<void> => {
    try {
      if (openInTerminal === undefined) throw new UserError('There is no terminal here to open it in.');
      await openInTerminal(request);
    } catch (thrown) {
      setView({ notice: { kind: 'failed', text: reportError(thrown).message } });
    }
  };

  const run = (effect: StatusEffect): void => {
    switch (effect.kind) {
      case 'follow-log':
        monitor.followLog(effect.target);
        return;
      case 'hold-log':
        monitor.holdLog(effect.isHeld);
        return;
      case 'save-log':
        void save(effect.name, effect.lines);
        return;
      case 'act':
        void act(effect.command);
        return;
      case 'open':
        void open(effect.request);
    }
  };

  return {
    store,
    dispatch: intent => {
      const { status, logs, view } = store.get();
      const step = reduceStatusView(view, intent, { status, logs });
      store.set({ ...store.get(), view: step.view });
      for (const effect of step.effects) run(effect);
    },
    see: monitor.see,
    dispose: () => {
      stopStatus();
      stopLogs();
      monitor.followLog({ kind: 'none' });
    },
  };
}
