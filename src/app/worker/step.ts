/** What a step is: check → act → verify. The worker runs them; the plan only asks their checks. */

import type { Plan, StepId } from '../../core/plan/plan.ts';
import type { RunEventBody } from '../../core/run/journal-event.ts';
import type { RunRequest } from '../../core/run/run-request.ts';
import type { Stack } from '../../core/stack/stack.ts';
import type { ComposeTarget } from '../../ports/compose.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Seen } from './seen.ts';

/** The start-up of the services of the mode, which a step before the services step may begin. */
export type Raising = {
  /**
   * Begins it, or joins the one that was begun with the same settings; one of other settings is ended first, and one that
   * failed before anybody asked for its end is begun anew: it had no Home Assistant yet. Resolves as `raiseServices`, and
   * throws what it throws.
   */
  readonly join: () => Promise<readonly Seen[]>;
  /** Ends what was begun, and resolves when nothing of it goes on. What is started stays so. */
  readonly end: () => Promise<void>;
};

export type StepContext = {
  readonly ports: Ports;
  readonly plan: Plan;
  readonly request: RunRequest;
  /** The deployment as its files say now: its `.env` may still be of the mode that a switch leaves. */
  readonly target: ComposeTarget;
  /** The deployment as this run wants it: the values are handed over while `.env` is not of the run's mode. */
  readonly wantedTarget: () => Promise<ComposeTarget>;
  /** Values of the run's mode as they are on disk now, or as requested while there are none. */
  readonly values: () => Promise<Readonly<Record<string, string>>>;
  /** The stack as Compose resolves it for `wantedTarget`. */
  readonly stack: () => Promise<Stack>;
  /** Config hash by service, of the same. */
  readonly hashes: () => Promise<ReadonlyMap<string, string>>;
  /** Has Compose make every container of the mode that is missing or outdated; once for each state of the settings. */
  readonly createContainers: () => Promise<void>;
  readonly startContainer: (id: string) => Promise<void>;
  /** Resolves once `startContainer` has started it; never when nobody does. */
  readonly started: (id: string) => Promise<void>;
  readonly raising: Raising;
  readonly emit: (event: RunEventBody) => Promise<void>;
  /** Says on all renderings what the step does now, or waits for. */
  readonly detail: (text: string) => void;
  readonly signal: AbortSignal;
};

export type StepCheck = {
  readonly isDone: boolean;
  /** One line for the operator: what is there. */
  readonly summary: string;
};

export type Step = {
  readonly id: StepId;
  readonly title: (plan: Plan) => string;
  /** Only looks. Throws when it cannot see; a plan then takes the step as open. */
  readonly check: (context: StepContext) => Promise<StepCheck>;
  /** Makes it true; returns one line on what was done. */
  readonly act: (context: StepContext) => Promise<string>;
  /** Looks again after the action; throws when it is still not true. */
  readonly verify: (context: StepContext) => Promise<void>;
};

/** For steps whose own check is the verification: it must now say that it is true. */
export const verifyByCheck =
  (step: Pick<Step, 'check'>, failure: (summary: string) => Error) =>
  async (context: StepContext): Promise<void> => {
    const seen = await step.check(context);
    if (!seen.isDone) throw failure(seen.summary);
  };
