/** The status as it changes, one line a change. */

import type { PastRun } from '../../core/run/run-history.ts';
import { judgeDeployment } from '../../core/status/judge-deployment.ts';
import type { StatusChange } from '../../core/status/status-change.ts';
import type { ServiceStatus, StatusState } from '../../core/status/status-state.ts';
import { levelWord, modeWord } from '../present/common.ts';
import { formatCount } from '../present/format.ts';
import { headline, stateWord } from '../present/status-words.ts';
import { interruptedLine } from './history.ts';
import { logTime } from './log-line.ts';

function serviceWords(before: ServiceStatus | undefined, after: ServiceStatus | undefined): string {
  const now = after === undefined ? 'gone' : stateWord(after.state);
  const was = before === undefined ? 'not there' : stateWord(before.state);
  const isOther = before?.containerId !== undefined && before.containerId !== after?.containerId;
  const isAgain = was === now && !isOther && before?.sinceMs !== after?.sinceMs;
  const code = after?.state.kind === 'restarting' ? after.state.exitCode : undefined;
  const hasEnded = after?.state.kind === 'restarting' || after?.state.kind === 'exited';
  const restarts = after?.restartCount ?? 0;
  return [
    was === now ? now : `${was} -> ${now}`,
    ...(isOther && after?.containerId !== undefined ? ['another container'] : []),
    ...(isAgain ? ['started again'] : []),
    ...(code === undefined ? [] : [`exit ${code}`]),
    ...(hasEnded && after?.wasKilledForMemory === true ? ['killed for memory'] : []),
    ...(restarts > (before?.restartCount ?? 0) ? [formatCount(restarts, 'restart')] : []),
  ].join(', ');
}

function changeWords(change: StatusChange, state: StatusState): string {
  switch (change.kind) {
    case 'service':
      return `${change.name}: ${serviceWords(change.before, change.after)}`;
    case 'engine':
      return change.answers
        ? 'Docker answers again'
        : state.engine.kind === 'gone'
          ? state.engine.message
          : 'Docker was not asked yet';
    case 'data':
      return `data: ${change.before} -> ${change.after}`;
    case 'other-mode-data': {
      const other = state.mode === 'test' ? 'production' : 'test';
      return change.isWritten
        ? `points into the bucket of ${other} too`
        : `the bucket of ${other} is silent again`;
    }
  }
}

/** How it stands when the watching begins. */
export function firstLines(state: StatusState, interrupted?: PastRun): readonly string[] {
  const judgement = judgeDeployment(state);
  const level = levelWord(state.level);
  const title = `HomeIQ ${modeWord(state.mode)}${level === undefined ? '' : ` ${level}`}`;
  const reasons = judgement.reasons.length === 0 ? '' : `: ${judgement.reasons.join('; ')}`;
  const at = logTime(state.nowMs, false);
  return [
    `${at} ${title} ${headline(judgement, state.engine)}${reasons}`,
    ...(interrupted === undefined ? [] : [`${at} ${interruptedLine(interrupted)}`]),
  ];
}

/** `2026-01-05T13:02:31.120+01:00 15/16 healthy  data-api: healthy -> restarting, exit 1` */
export function changeLines(state: StatusState, changes: readonly StatusChange[]): readonly string[] {
  const start = `${logTime(state.nowMs, false)} ${headline(judgeDeployment(state), state.engine)}`;
  return changes.map(change => `${start}  ${changeWords(change, state)}`);
}
