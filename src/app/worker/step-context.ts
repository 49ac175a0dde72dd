/** What the steps share during one run. Everything is read from disk when asked: the files are the truth. */

import { parseEnv } from '../../core/env/parse.ts';
import { documentValues } from '../../core/env/values.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { RunEventBody } from '../../core/run/journal-event.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import { parseStack } from '../../core/stack/parse-stack.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { ComposeTarget } from '../../ports/compose.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Journal } from '../../ports/runs.ts';
import type { StepContext } from './step.ts';

/** The Compose target of a deployment whose files are written: Compose reads `.env` and its `COMPOSE_FILE` itself. */
export const deploymentTarget = (folder: string, project: string): ComposeTarget => ({
  folder,
  project,
  files: [],
  environment: undefined,
});

export type WorkerContext = StepContext & {
  /** Resolves when every event given to `detail` is in the journal. */
  readonly settled: () => Promise<void>;
};

export function createStepContext(
  request: RunRequest,
  ports: Ports,
  journal: Journal,
  signal: AbortSignal,
): WorkerContext {
  const plan: Plan = request.plan;
  const target = deploymentTarget(plan.folder, plan.project);
  let last: Promise<void> = Promise.resolve();
  let resolved: { readonly text: string | undefined; readonly stack: Promise<Stack> } | undefined;
  let step = plan.steps[0]?.id ?? 'settings';
  const emit = (event: RunEventBody): Promise<void> => {
    if (event.kind === 'step-started') step = event.step;
    last = last.then(() => journal.append(event));
    return last;
  };
  return {
    ports,
    plan,
    request,
    target,
    signal,
    emit,
    detail: text => void emit({ kind: 'step-detail', step, text }),
    settled: () => last,
    values: async () => documentValues(parseEnv((await ports.files.readEnv()) ?? request.envText)),
    stack: async () => {
      const text = await ports.files.readEnv();
      // Compose is asked once for each state of `.env`; half a second a call is much on a mini-PC.
      if (resolved === undefined || resolved.text !== text) {
        resolved = { text, stack: ports.compose.resolve(target, signal).then(parseStack) };
      }
      return resolved.stack;
    },
  };
}
