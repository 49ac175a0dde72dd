import { isMode, type Mode, otherMode } from '../mode/mode.ts';
import { onlyModeOf } from '../mode/only-mode.ts';
import type { Level } from '../plan/plan.ts';
import type { Service, Stack } from '../stack/stack.ts';
import type { KnownService, ServiceRole, ServiceStatus, StatusState } from './status-state.ts';

export type StatusOptions = {
  readonly mode: Mode;
  readonly level: Level;
  readonly project: string;
  /** The deployment folder. */
  readonly folder: string;
  readonly stack: Stack;
  /** Why a service of the mode does not start, by its name. */
  readonly leftOut: Readonly<Record<string, string>>;
  readonly cores: number;
  readonly budgetMiB: number;
  /** The main bucket of the mode. */
  readonly bucket: string;
  readonly nowMs: number;
};

function roleOf(service: Service, { mode, leftOut }: StatusOptions): ServiceRole {
  const isOfMode = service.profiles.length === 0 || service.profiles.includes(mode);
  const other = otherMode(mode);
  if (!isOfMode && (service.profiles.some(isMode) || onlyModeOf(service.type) === other)) {
    return { kind: 'other-mode', mode: other };
  }
  if (!isOfMode) return { kind: 'by-hand' };
  const reason = leftOut[service.name];
  if (reason !== undefined) return { kind: 'left-out', reason };
  return { kind: service.standIn === true ? 'stand-in' : 'wanted' };
}

/** A service of which nothing was seen yet. */
export const unseen = (known: KnownService): ServiceStatus => ({
  ...known,
  containerId: undefined,
  containerName: undefined,
  state:
    known.role.kind === 'left-out' ? { kind: 'left-out', reason: known.role.reason } : { kind: 'missing' },
  sinceMs: undefined,
  restartCount: 0,
  wasKilledForMemory: false,
  oomKillCount: undefined,
  usage: undefined,
  history: { memoryMiB: [], cpuShare: [] },
  cpuCounter: undefined,
});

/** The state before the engine was asked anything. */
export function createStatus(options: StatusOptions): StatusState {
  const known = options.stack.services.map(
    (service): KnownService => ({
      name: service.name,
      group: service.group,
      role: roleOf(service, options),
      expectedMiB: service.expectedMiB,
      limitMiB: service.limitMiB,
      isOneShot: service.isOneShot,
    }),
  );
  return {
    mode: options.mode,
    level: options.level,
    project: options.project,
    folder: options.folder,
    cores: options.cores,
    known,
    engine: { kind: 'connecting' },
    services: known.filter(({ role }) => role.kind !== 'other-mode' && role.kind !== 'by-hand').map(unseen),
    totals: {
      memoryMiB: 0,
      cpuShare: undefined,
      expectedMiB: known
        .filter(({ role }) => role.kind === 'wanted')
        .reduce((sum, { expectedMiB }) => sum + expectedMiB, 0),
      budgetMiB: options.budgetMiB,
      memoryHistory: [],
    },
    data: { bucket: options.bucket, sample: undefined, history: [], problem: undefined },
    tokenProblems: [],
    events: [],
    stopsAsked: [],
    openedAtMs: options.nowMs,
    nowMs: options.nowMs,
    listedAtMs: undefined,
  };
}
