import type { UsageSeen } from './status-input.ts';
import {
  eventLimit,
  historyLength,
  isRunningState,
  pushBounded,
  type ServiceStatus,
  type StatusEvent,
  type StatusState,
} from './status-state.ts';

/** Share of the whole machine between two samples; undefined when they cannot be compared. */
function cpuShareOf(before: ServiceStatus['cpuCounter'], now: UsageSeen, cores: number): number | undefined {
  if (before === undefined) return undefined;
  const elapsedMs = now.sampledAtMs - before.sampledAtMs;
  const usedNs = now.cpuNs - before.cpuNs;
  // A counter that ran backwards is another process's: the container was restarted.
  if (elapsedMs <= 0 || usedNs < 0) return undefined;
  return Math.min(1, usedNs / (elapsedMs * 1e6 * Math.max(1, cores)));
}

function addSample(service: ServiceStatus, sample: UsageSeen | undefined, cores: number): ServiceStatus {
  if (sample === undefined || !isRunningState(service.state)) {
    return service.usage === undefined ? service : { ...service, usage: undefined, cpuCounter: undefined };
  }
  if (service.cpuCounter?.sampledAtMs === sample.sampledAtMs) return service;
  const cpuShare = cpuShareOf(service.cpuCounter, sample, cores);
  return {
    ...service,
    usage: { memoryMiB: sample.memoryMiB, cpuShare },
    history: {
      memoryMiB: pushBounded(service.history.memoryMiB, sample.memoryMiB, historyLength),
      cpuShare:
        cpuShare === undefined
          ? service.history.cpuShare
          : pushBounded(service.history.cpuShare, cpuShare, historyLength),
    },
    cpuCounter: { cpuNs: sample.cpuNs, sampledAtMs: sample.sampledAtMs },
    oomKillCount: sample.oomKillCount,
  };
}

/**
 * Services of which the kernel killed something since their last sample, and no event told. The engine tells of most, but
 * not of a first process that is killed right after its start.
 */
function killedInSilence(
  { services, events }: StatusState,
  samples: ReadonlyMap<string, UsageSeen>,
): readonly string[] {
  return services.flatMap(({ name, containerId, oomKillCount, cpuCounter }) => {
    const now = samples.get(containerId ?? '')?.oomKillCount;
    if (oomKillCount === undefined || now === undefined || now <= oomKillCount) return [];
    const isTold = events.some(
      event =>
        event.service === name &&
        event.what.kind === 'out-of-memory' &&
        event.atMs >= (cpuCounter?.sampledAtMs ?? 0),
    );
    return isTold ? [] : [name];
  });
}

/**
 * `samples` by container id. A running service without a sample loses its figures, not its history; one that is not in
 * `askable` was perhaps not asked and keeps them.
 */
export function addUsage(
  state: StatusState,
  samples: ReadonlyMap<string, UsageSeen>,
  askable?: ReadonlySet<string>,
): StatusState {
  const services = state.services.map(service => {
    const sample = samples.get(service.containerId ?? '');
    const isUnasked =
      sample === undefined && askable !== undefined && !askable.has(service.containerId ?? '');
    return isUnasked && isRunningState(service.state) ? service : addSample(service, sample, state.cores);
  });
  const used = services.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  const shares = used.flatMap(({ cpuShare }) => (cpuShare === undefined ? [] : [cpuShare]));
  const memoryMiB = used.reduce((sum, usage) => sum + usage.memoryMiB, 0);
  const kills = killedInSilence(state, samples).map(
    (service): StatusEvent => ({ atMs: state.nowMs, service, what: { kind: 'out-of-memory' } }),
  );
  return {
    ...state,
    services,
    events: kills.reduce<StatusState['events']>(
      (events, kill) => pushBounded(events, kill, eventLimit),
      state.events,
    ),
    totals: {
      ...state.totals,
      memoryMiB,
      cpuShare:
        shares.length === 0
          ? undefined
          : Math.min(
              1,
              shares.reduce((sum, share) => sum + share, 0),
            ),
      memoryHistory: pushBounded(state.totals.memoryHistory, memoryMiB, historyLength),
    },
  };
}
