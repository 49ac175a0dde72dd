/** The status screen at work: joins what the monitor knows with what the operator looks at, and runs the effects. */

import type { DoctorReport } from '../../core/doctor/doctor-report.ts';
import { type ErrorReport, reportError, UserError } from '../../core/error.ts';
import type { LogEntry } from '../../core/logs/log-entry.ts';
import type { PastRun } from '../../core/run/run-history.ts';
import type { ServiceCommand, TerminalRequest } from '../../core/status/service-actions.ts';
import type { StatusState } from '../../core/status/status-state.ts';
import { createStore, type Store } from '../store.ts';
import type { LogState } from './log-follower.ts';
import type { Monitor } from './monitor.ts';
import { reduceStatusView } from './reduce-status-view.ts';
import { firstStatusView, type StatusEffect, type StatusIntent, type StatusView } from './status-view.ts';

/** What the doctor said last. */
export type DoctorState =
  | { readonly kind: 'not-asked' | 'looking' }
  | { readonly kind: 'done'; readonly atMs: number; readonly report: DoctorReport }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

export type StatusSessionState = {
  readonly status: StatusState;
  readonly logs: LogState;
  readonly view: StatusView;
  readonly doctor: DoctorState;
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
  /** Takes all looks at once. Undefined: there is no doctor here. */
  readonly diagnose?: (() => Promise<DoctorReport>) | undefined;
};

/** Before anything was done on the screen. */
export const firstSessionState = (
  status: StatusState,
  logs: LogState,
  { isReadOnly, interrupted }: { readonly isReadOnly: boolean; readonly interrupted: PastRun | undefined },
): StatusSessionState => ({
  status,
  logs,
  view: { ...firstStatusView, isReadOnly },
  doctor: { kind: 'not-asked' },
  ...(interrupted === undefined ? {} : { interrupted }),
});

export function createStatusSession(
  monitor: Monitor,
  { interrupted, openInTerminal, diagnose }: StatusSessionOptions = {},
): StatusSession {
  const store = createStore(
    firstSessionState(monitor.store.get(), monitor.logs.get(), {
      isReadOnly: monitor.act === undefined,
      interrupted,
    }),
  );
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

  const askDoctor = async (): Promise<void> => {
    const tell = (doctor: DoctorState): void => store.set({ ...store.get(), doctor });
    if (store.get().doctor.kind === 'looking') return;
    tell({ kind: 'looking' });
    try {
      if (diagnose === undefined) throw new UserError('There is no doctor here.');
      const report = await diagnose();
      tell({ kind: 'done', atMs: store.get().status.nowMs, report });
    } catch (thrown) {
      tell({ kind: 'failed', error: reportError(thrown) });
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
        return;
      case 'ask-health':
        monitor.askHealth(effect.service);
        return;
      case 'diagnose':
        void askDoctor();
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
