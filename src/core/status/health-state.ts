/** What a service says of itself, joined with what the engine says of its container. Pure. */

import type { HealthAnswer } from '../health/health-answer.ts';
import { judgeAnswer } from '../health/judge-answer.ts';
import { readDeploymentMode } from '../mode/read-mode.ts';
import type { HealthSeen } from './health-seen.ts';
import type { ServiceState } from './status-state.ts';

/** Between answers that are nearer than this a rate is an accident. */
const leastRateMs = 5_000;

/** With the rate of events since the answer before, when both count them. */
export function withEventRate(before: HealthSeen | undefined, seen: HealthSeen): HealthSeen {
  const elapsedMs = seen.askedAtMs - (before?.askedAtMs ?? seen.askedAtMs);
  const now = seen.answer?.events?.count;
  const earlier = before?.containerId === seen.containerId ? before.answer?.events?.count : undefined;
  if (now === undefined || earlier === undefined || now < earlier || elapsedMs < leastRateMs) return seen;
  return { ...seen, eventsPerMinute: ((now - earlier) * 60_000) / elapsedMs };
}

/** So long after its start a service may say that it is not well yet. */
const graceMs = 60_000;

/**
 * The engine's word stands, except that a container which runs and is not unhealthy may say itself that it is of another
 * mode, degraded, or not ready. An answer without a mode says nothing of it: its environment does.
 */
export function joinAnswer(
  seen: ServiceState,
  answer: HealthAnswer | undefined,
  mode: string,
  upMs: number | undefined,
): ServiceState {
  if (answer === undefined || (seen.kind !== 'healthy' && seen.kind !== 'unchecked')) return seen;
  if (answer.mode !== undefined) {
    const told = readDeploymentMode(answer.mode);
    const toldMode = told.kind === 'mode' ? told.mode : told.text;
    if (toldMode !== mode) return { kind: 'wrong-mode', mode: toldMode };
  }
  switch (judgeAnswer(answer)) {
    case 'well':
      return seen;
    case 'starting':
      return { kind: 'initializing' };
    case 'degraded':
    case 'unwell':
      return upMs !== undefined && upMs < graceMs
        ? { kind: 'initializing' }
        : { kind: 'degraded', reason: answer.reason ?? answer.word ?? `it answers ${answer.status}` };
  }
}
