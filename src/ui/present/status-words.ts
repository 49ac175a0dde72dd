/** What the status says in words: states, ages, events, commands. The same in every rendering. */

import {
  type DeploymentVerdict,
  explainService,
  type Judgement,
} from '../../core/status/judge-deployment.ts';
import type { ServiceState, ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { formatCount, formatGB, formatMiB, formatPercent, formatRoundGB } from './format.ts';
import type { Glyphs } from './glyphs.ts';
import type { Tone } from './tone.ts';

/** Said in at most twelve cells. */
export function stateWord(state: ServiceState): string {
  switch (state.kind) {
    case 'unchecked':
      return 'no check';
    case 'left-out':
      return 'left out';
    case 'wrong-mode':
      return 'wrong mode';
    case 'initializing':
      return 'warming up';
    case 'exited':
      if (state.wasAskedFor === true) return 'stopped';
      return state.exitCode === undefined ? 'exited' : `exited ${state.exitCode}`;
    default:
      return state.kind;
  }
}

export function stateTone(state: ServiceState): Tone {
  switch (state.kind) {
    case 'healthy':
    case 'done':
      return 'good';
    case 'unchecked':
    case 'left-out':
      return 'dim';
    case 'starting':
    case 'initializing':
    case 'paused':
    case 'created':
      return 'warn';
    case 'unhealthy':
    case 'restarting':
    case 'exited':
    case 'missing':
    case 'wrong-mode':
    case 'degraded':
      return 'bad';
  }
}

export function stateGlyph(state: ServiceState, glyphs: Glyphs): string {
  switch (state.kind) {
    case 'healthy':
    case 'done':
      return glyphs.good;
    case 'unchecked':
      return glyphs.checked;
    case 'left-out':
      return glyphs.skipped;
    case 'starting':
    case 'initializing':
    case 'created':
      return glyphs.waiting;
    case 'paused':
      return glyphs.note;
    case 'unhealthy':
    case 'restarting':
    case 'exited':
    case 'missing':
    case 'wrong-mode':
    case 'degraded':
      return glyphs.bad;
  }
}

const minuteMs = 60_000;

/** `<1 min`, `12 min`, `3 h`, `4 d`: in steps so coarse that a screen that shows it stays as it is. */
function coarseAge(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / minuteMs);
  if (minutes < 1) return '<1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** How long a state lasts; empty when nobody knows. */
export const stateAge = (service: ServiceStatus, nowMs: number): string =>
  service.sinceMs === undefined ? '' : coarseAge(nowMs - service.sinceMs);

/** Local time, `14:02:31`. */
export const clockTime = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 8);

/** More than expected by so much is said; `undefined` when it is as expected. */
const driftTolerance = 0.15;

/** By how much a service uses more than expected, as a share; undefined when it does not, or nothing is known. */
export function memoryDrift({ usage, expectedMiB }: ServiceStatus): number | undefined {
  if (usage === undefined || expectedMiB <= 0) return undefined;
  const drift = usage.memoryMiB / expectedMiB - 1;
  return drift > driftTolerance ? drift : undefined;
}

export const verdictTone: Readonly<Record<DeploymentVerdict, Tone>> = {
  healthy: 'good',
  starting: 'warn',
  unhealthy: 'bad',
  stopped: 'warn',
  unknown: 'warn',
};

/** `16/16 healthy`, `15/16 healthy`, `stopped`, `Docker does not answer`. */
export function headline(judgement: Judgement, engine: StatusState['engine']): string {
  const counts = `${judgement.goodCount}/${judgement.wantedCount}`;
  if (engine.kind === 'connecting') return 'asking Docker';
  if (engine.kind === 'gone') return 'Docker does not answer';
  if (judgement.verdict === 'stopped') return 'stopped';
  return judgement.verdict === 'starting' ? `${counts} healthy, starting` : `${counts} healthy`;
}

export function headlineGlyph({ verdict }: Judgement, glyphs: Glyphs): string {
  switch (verdict) {
    case 'healthy':
      return glyphs.good;
    case 'unhealthy':
      return glyphs.bad;
    case 'starting':
      return glyphs.waiting;
    case 'stopped':
    case 'unknown':
      return glyphs.note;
  }
}

/** `memory 3.9 of 8 GB`. */
export const memoryTotal = ({ totals }: StatusState): string =>
  `memory ${formatGB(totals.memoryMiB)} of ${formatRoundGB(totals.budgetMiB)}`;

/** `cpu 7 %`; a blank figure until it is known, so that nothing moves when it comes. */
export const cpuTotal = ({ totals }: StatusState): string =>
  `cpu ${(totals.cpuShare === undefined ? '' : formatPercent(totals.cpuShare)).padStart(4)}`;

/** `601 MB, expected 512 MB (+17 %), limit 1.50 GB`. */
export function memoryDetail(service: ServiceStatus): string {
  const { usage, expectedMiB, limitMiB } = service;
  const drift = memoryDrift(service);
  return [
    usage === undefined ? 'memory not known' : formatMiB(usage.memoryMiB),
    `expected ${formatMiB(expectedMiB)}${drift === undefined ? '' : ` (+${formatPercent(drift)})`}`,
    limitMiB === undefined ? 'no limit' : `limit ${formatMiB(limitMiB)}`,
  ].join(', ');
}

/** How old the last point was when the database was asked. */
export function dataAge(sample: NonNullable<StatusState['data']['sample']>): string {
  if (sample.lastPointAtMs === undefined) return 'nothing lately';
  const seconds = Math.max(0, Math.round((sample.sampledAtMs - sample.lastPointAtMs) / 1_000));
  // The counters are read every ten seconds: nobody knows it better, and a figure that always changes costs bytes.
  if (seconds < 10) return 'last <10 s ago';
  return seconds < 60 ? `last ${seconds} s ago` : `last ${coarseAge(seconds * 1_000)} ago`;
}

/** One line on a service for people: its state in a sentence, else that all is well. */
export const serviceSentence = (service: ServiceStatus, nowMs: number): string => {
  const age = stateAge(service, nowMs);
  const up = age === '' ? '' : `, up ${age}`;
  switch (service.state.kind) {
    case 'healthy':
      return `healthy${up}`;
    case 'unhealthy':
      return `unhealthy: its healthcheck fails${up}`;
    case 'unchecked':
      return `runs without a healthcheck${up}`;
    case 'done':
      return 'done: it ran once and ended with exit code 0';
    default:
      return explainService(service).slice(service.name.length + 1);
  }
};

export const restartsText = (count: number): string =>
  count === 0 ? 'no restart' : formatCount(count, 'restart');

/** What it says itself on its health path: `healthy, test mode, version 1.4.0`. */
export function healthText({ health }: Pick<ServiceStatus, 'health'>): string {
  if (health === undefined) return 'not asked';
  const { answer } = health;
  if (answer === undefined) return 'no answer on its health path';
  return [
    answer.word ?? `answers ${answer.status}`,
    ...(answer.reason === undefined ? [] : [answer.reason]),
    ...(answer.mode === undefined ? [] : [`${answer.mode} mode`]),
    ...(answer.version === undefined ? [] : [`version ${answer.version}`]),
  ].join(', ');
}
