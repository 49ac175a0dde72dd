/** The question before something is interrupted: what can be done with what is selected, and the answer. */

import { isRunningState } from '../../core/status/status-state.ts';
import type { ServiceAction } from './monitor.ts';
import type { StatusSight, StatusStep, StatusView } from './status-view.ts';
import { rowNow, stay } from './view-rows.ts';

export function ask(view: StatusView, action: ServiceAction | undefined, sight: StatusSight): StatusStep {
  const row = rowNow(view, sight);
  if (row === undefined) return stay(view);
  if (!sight.canAct) {
    return stay({ ...view, notice: { kind: 'failed', text: 'This is a place to look only.' } });
  }
  const services = row.kind === 'group' ? row.services : [row.service];
  const withContainer = services.filter(({ containerId }) => containerId !== undefined);
  const running = withContainer.filter(({ state }) => isRunningState(state) || state.kind === 'restarting');
  const answers: readonly ServiceAction[] = running.length > 0 ? ['restart', 'stop'] : ['start'];
  const targets = running.length > 0 ? running : withContainer;
  const isPossible = action === undefined || answers.includes(action);
  if (targets.length === 0 || !isPossible) {
    const what = row.kind === 'group' ? 'This group' : row.service.name;
    const why = targets.length === 0 ? 'has no container: homeiq setup makes it' : 'does not run';
    const isAlready = targets.length > 0 && action === 'start';
    return stay({
      ...view,
      notice: { kind: 'failed', text: `${what} ${isAlready ? 'runs already' : why}.` },
    });
  }
  const names = targets.map(({ name }) => name);
  const selected = action === undefined ? 0 : answers.indexOf(action);
  return stay({ ...view, question: { services: names, answers, selected } });
}

export function answer(view: StatusView): StatusStep {
  const { question } = view;
  const kind = question?.answers[question.selected];
  if (question === undefined || kind === undefined) return stay(view);
  return {
    view: { ...view, question: undefined },
    effects: [{ kind: 'act', command: { kind, services: question.services } }],
  };
}
