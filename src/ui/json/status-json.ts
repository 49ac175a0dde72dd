/** The status as one JSON document, for scripts. */

import type { PastRun } from '../../core/run/run-history.ts';
import { judgeBox, listKills, otherMiB, topEaters } from '../../core/status/box.ts';
import type { HealthSeen } from '../../core/status/health-seen.ts';
import { judgeDeployment } from '../../core/status/judge-deployment.ts';
import { listMends } from '../../core/status/mends.ts';
import type { StatusChange } from '../../core/status/status-change.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { pastRunDocument } from './history.ts';

const isoTime = (atMs: number | undefined): string | undefined =>
  atMs === undefined ? undefined : new Date(atMs).toISOString();

const rounded = (value: number | undefined, decimals: number): number | undefined =>
  value === undefined ? undefined : Math.round(value * 10 ** decimals) / 10 ** decimals;

const ofCore = (share: number | undefined, cores: number): number | undefined =>
  share === undefined ? undefined : share * cores;

function describeService(service: ServiceStatus, cores: number) {
  const { state } = service;
  return {
    name: service.name,
    group: service.group,
    state: state.kind,
    ...('exitCode' in state ? { exitCode: state.exitCode } : {}),
    ...(state.kind === 'left-out' ? { reason: state.reason } : {}),
    ...(state.kind === 'degraded' ? { reason: state.reason } : {}),
    ...(state.kind === 'wrong-mode' ? { runningMode: state.mode } : {}),
    /** What it says on its health path; absent: it was not asked. Null: it does not answer. */
    health: service.health === undefined ? undefined : (describeAnswer(service.health) ?? null),
    since: isoTime(service.sinceMs),
    restarts: service.restartCount,
    killedForMemory: service.wasKilledForMemory,
    memoryMiB: rounded(service.usage?.memoryMiB, 1),
    /** Of the whole machine, 0…1. */
    cpuShare: rounded(service.usage?.cpuShare, 4),
    /** Of one core: more than 1 for what uses several. */
    cpuShareOfCore: rounded(ofCore(service.usage?.cpuShare, cores), 4),
    expectedMiB: service.expectedMiB,
    /** Null: there is none. */
    limitMiB: service.limitMiB ?? null,
    container: service.containerName,
  };
}

function describeAnswer({ answer, eventsPerMinute }: HealthSeen) {
  if (answer === undefined) return undefined;
  const { status, word, mode, version, reason, events } = answer;
  return {
    status,
    word,
    mode,
    version,
    reason,
    events: events === undefined ? undefined : { ...events, perMinute: rounded(eventsPerMinute, 1) },
  };
}

function describeBox(state: StatusState) {
  const { box, totals } = state;
  if (box === undefined) return undefined;
  const { machine } = box;
  return {
    at: isoTime(box.readAtMs),
    totalMiB: rounded(machine.totalMiB, 0),
    availableMiB: rounded(machine.availableMiB, 0),
    stackMiB: rounded(totals.memoryMiB, 1),
    otherMiB: rounded(otherMiB(box, totals.memoryMiB), 0),
    swap: {
      totalMiB: rounded(machine.swapTotalMiB, 0),
      freeMiB: rounded(machine.swapFreeMiB, 0),
      pagesPerSecond: rounded(box.swappedPagesPerSecond, 1),
    },
    load: machine.load,
    disks: box.disks.map(({ freeMiB, totalMiB, ...rest }) => ({
      ...rest,
      freeMiB: rounded(freeMiB, 0),
      totalMiB: rounded(totalMiB, 0),
    })),
    topEaters: topEaters(state, 5).map(({ name, memoryMiB }) => ({ name, memoryMiB: rounded(memoryMiB, 1) })),
  };
}

/** Fields that are not known are absent. The shape is versioned; fields are only ever added. */
export function statusDocument(state: StatusState, interrupted?: PastRun) {
  const judgement = judgeDeployment(state);
  const { sample, bucket, problem } = state.data;
  return {
    version: 1,
    at: new Date(state.nowMs).toISOString(),
    mode: state.mode,
    level: state.level,
    project: state.project,
    verdict: judgement.verdict,
    healthy: judgement.isHealthy,
    reasons: judgement.reasons,
    mends: listMends(state),
    /** Absent: no run broke off. */
    interrupted: interrupted === undefined ? undefined : pastRunDocument(interrupted),
    engine:
      state.engine.kind === 'gone'
        ? { answers: false, message: state.engine.message }
        : { answers: state.engine.kind === 'answering' },
    memory: {
      usedMiB: rounded(state.totals.memoryMiB, 1),
      expectedMiB: state.totals.expectedMiB,
      budgetMiB: state.totals.budgetMiB,
    },
    cpuShare: rounded(state.totals.cpuShare, 4),
    cpuShareOfCore: rounded(ofCore(state.totals.cpuShare, state.cores), 4),
    data: {
      bucket,
      pointsPerMinute: rounded(sample?.pointsPerMinute, 1),
      lastPointAt: isoTime(sample?.lastPointAtMs),
      otherModePointsPerMinute: rounded(sample?.otherModePointsPerMinute, 1),
      problem,
      /** Who writes into the other mode's buckets; absent while nobody does. */
      otherModeWriters: sample?.strays?.writers,
      otherModeMeasurements: sample?.strays?.measurements,
      /** The main one first; without bytes where InfluxDB does not publish them. */
      buckets: sample?.buckets,
      homeAssistant:
        sample?.homeAssistant === undefined
          ? undefined
          : {
              state: sample.homeAssistant.kind,
              seen: sample.homeAssistant.text,
              askedAt: isoTime(sample.homeAssistant.askedAtMs),
            },
      /** What looking costs InfluxDB. */
      cost: sample?.cost,
    },
    /** Absent: the machine does not tell. */
    box: describeBox(state),
    /** What gets tight, and what was killed for memory in the last hour. */
    words: judgeBox(state),
    killedForMemory: listKills(state).map(({ service, atMs, limitMiB }) => ({
      service,
      /** Null: before anybody looked. */
      at: isoTime(atMs) ?? null,
      limitMiB: limitMiB ?? null,
    })),
    services: state.services.map(service => describeService(service, state.cores)),
  } as const;
}

function changeDocument(change: StatusChange) {
  switch (change.kind) {
    case 'service':
      return {
        what: 'service',
        name: change.name,
        /** Null: it was not, or is not, shown. */
        from: change.before?.state.kind ?? null,
        to: change.after?.state.kind ?? null,
      } as const;
    case 'engine':
      return { what: 'engine', answers: change.answers } as const;
    case 'data':
      return { what: 'data', from: change.before, to: change.after } as const;
    case 'other-mode-data':
      return { what: 'other-mode-data', written: change.isWritten } as const;
  }
}

/** One document of a watch: the whole status, and what is different from the document before it. */
export const watchedDocument = (
  state: StatusState,
  changes: readonly StatusChange[],
  interrupted?: PastRun,
) => ({ ...statusDocument(state, interrupted), changes: changes.map(changeDocument) });
