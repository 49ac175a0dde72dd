/** Is the deployment all right? One answer for the screen's headline and for the exit code of `homeiq status`. */

import { otherMode } from '../mode/mode.ts';
import { sanitiseLine } from '../text/sanitise.ts';
import { isRunningState, type ServiceStatus, type StatusState } from './status-state.ts';

export type DeploymentVerdict =
  | 'healthy'
  /** Nothing is wrong, and something is still on its way. */
  | 'starting'
  | 'unhealthy'
  /** Nothing of it runs. */
  | 'stopped'
  /** The engine was not heard yet, or does not answer now. */
  | 'unknown';

export type Judgement = {
  readonly verdict: DeploymentVerdict;
  /** Exit code 0. */
  readonly isHealthy: boolean;
  /** One line each, the worst first; empty when healthy. */
  readonly reasons: readonly string[];
  /** Services that should run and are as they should be: healthy, done, or running without a healthcheck. */
  readonly goodCount: number;
  readonly wantedCount: number;
};

export type ServiceVerdict = 'good' | 'coming' | 'bad' | 'not-wanted';

export function judgeService({ state, role }: Pick<ServiceStatus, 'state' | 'role'>): ServiceVerdict {
  switch (state.kind) {
    case 'healthy':
    case 'unchecked':
    case 'done':
    // It answers, and the engine calls it healthy.
    case 'initializing':
      return 'good';
    case 'starting':
      return 'coming';
    case 'left-out':
      return 'not-wanted';
    case 'exited':
      return role.kind === 'stranger' ? 'not-wanted' : 'bad';
    case 'missing':
    case 'created':
    case 'unhealthy':
    case 'restarting':
    case 'paused':
    case 'wrong-mode':
    case 'degraded':
      return 'bad';
  }
}

/** One sentence without a full stop on a service that is not as it should be. */
export function explainService({ name, state, wasKilledForMemory, restartCount }: ServiceStatus): string {
  const memory = wasKilledForMemory ? ', killed for memory' : '';
  const code = (exitCode: number | undefined): string =>
    exitCode === undefined ? '' : ` with exit code ${exitCode}`;
  switch (state.kind) {
    case 'missing':
      return `${name} has no container`;
    case 'created':
      return `${name} was created and never started`;
    case 'starting':
      return `${name} is starting`;
    case 'unhealthy':
      return `${name} is unhealthy`;
    case 'restarting':
      return `${name} ${restartCount > 0 ? `keeps restarting (${restartCount} so far)` : 'is restarting'}${code(state.exitCode)}${memory}`;
    case 'exited':
      return state.wasAskedFor === true
        ? `${name} was stopped`
        : `${name} ended${code(state.exitCode)}${memory}`;
    case 'paused':
      return `${name} is paused`;
    case 'wrong-mode':
      return `${name} runs in the wrong mode: ${state.mode}`;
    case 'degraded':
      return `${name} says it is not well: ${state.reason}`;
    case 'left-out':
      return `${name} is left out: ${state.reason}`;
    case 'healthy':
    case 'unchecked':
    case 'done':
    case 'initializing':
      return `${name} is as it should be`;
  }
}

/** Points where none may be, with who writes them as far as that is known. */
export function explainStrays({ data, mode }: Pick<StatusState, 'data' | 'mode'>): readonly string[] {
  const { otherModePointsPerMinute: rate = 0, strays } = data.sample ?? {};
  if (rate <= 0) return [];
  const where = `${otherMode(mode)}'s buckets, ${Math.max(1, Math.round(rate))} points a minute`;
  const writers = strays?.writers ?? [];
  if (writers.length > 0) return writers.map(({ name, why }) => `${name} writes into ${where}: ${why}`);
  const [measurement] = strays?.measurements ?? [];
  return [
    measurement === undefined
      ? `somebody writes into ${where}`
      : `somebody writes ${sanitiseLine(measurement)} into ${where}`,
  ];
}

export function judgeDeployment(state: StatusState): Judgement {
  const judged = state.services.map(service => ({ service, verdict: judgeService(service) }));
  const wanted = judged.filter(({ service }) => service.role.kind === 'wanted');
  const of = (verdict: ServiceVerdict) =>
    judged.filter(each => each.verdict === verdict).map(each => each.service);
  const counts = {
    goodCount: wanted.filter(({ verdict }) => verdict === 'good').length,
    wantedCount: wanted.length,
  };
  if (state.engine.kind === 'connecting') {
    return { ...counts, verdict: 'unknown', isHealthy: false, reasons: ['Docker was not asked yet'] };
  }
  if (state.engine.kind === 'gone') {
    return { ...counts, verdict: 'unknown', isHealthy: false, reasons: [state.engine.message] };
  }
  if (!state.services.some(service => isRunningState(service.state) || service.state.kind === 'restarting')) {
    return { ...counts, verdict: 'stopped', isHealthy: false, reasons: ['no service runs'] };
  }
  const bad = [...of('bad').map(explainService), ...explainStrays(state), ...state.tokenProblems];
  const coming = of('coming').map(explainService);
  const reasons = [...bad, ...coming];
  const verdict = bad.length > 0 ? 'unhealthy' : coming.length > 0 ? 'starting' : 'healthy';
  return { ...counts, verdict, isHealthy: verdict === 'healthy', reasons };
}
