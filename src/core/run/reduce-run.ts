/** The state of a run, folded from its journal. Every rendering shows this and nothing else. */

import type { ErrorReport } from '../error.ts';
import type { Transfer } from '../images/transfer.ts';
import type { Plan, StepId } from '../plan/plan.ts';
import type { ImagePhase, RunEvent, RunSummary, ServicePhase } from './journal-event.ts';

type StepStatus = 'pending' | 'running' | 'done' | 'failed';

export type StepState = {
  readonly id: StepId;
  readonly title: string;
  readonly status: StepStatus;
  /** ISO 8601; undefined while pending. */
  readonly startedAt: string | undefined;
  readonly durationMs: number | undefined;
  /** The last thing the step said; undefined when it said nothing. */
  readonly detail: string | undefined;
  /** What the finished step did. */
  readonly summary: string | undefined;
  /** False: it was already true and nothing was done. Undefined until the step is done. */
  readonly changed: boolean | undefined;
  readonly error: ErrorReport | undefined;
};

export type RunServiceState = {
  readonly name: string;
  readonly phase: ServicePhase;
  readonly detail: string | undefined;
  /** ISO 8601: since when it is in this phase. */
  readonly since: string;
};

export type RunImageState = {
  readonly service: string;
  readonly image: string;
  readonly phase: ImagePhase;
  readonly detail: string | undefined;
  readonly transfer: Transfer | undefined;
};

type LogEntry = {
  readonly at: string;
  readonly step: StepId | undefined;
  readonly kind: 'step' | 'detail' | 'image' | 'service' | 'error' | 'run';
  readonly text: string;
};

/** `lost`: the journal ends without an outcome, and its worker is gone. */
type RunStatus = 'starting' | 'running' | 'done' | 'failed' | 'stopped' | 'rolled-back' | 'lost';

export type RunState = {
  readonly status: RunStatus;
  readonly runId: string | undefined;
  readonly plan: Plan | undefined;
  readonly steps: readonly StepState[];
  /** What was tried before the run went back; `plan` and `steps` are those of the way back then. */
  readonly abandoned: { readonly plan: Plan; readonly steps: readonly StepState[] } | undefined;
  /** In the order in which they were first heard of. */
  readonly services: readonly RunServiceState[];
  readonly images: readonly RunImageState[];
  /** Of all images that are pulled; undefined until the first bytes are told. */
  readonly transfer: Transfer | undefined;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  /** False: the whole run found everything as wanted. Undefined until it is over. */
  readonly changed: boolean | undefined;
  readonly summary: RunSummary | undefined;
  /** What was said, newest last; the last `logLength` entries. */
  readonly log: readonly LogEntry[];
  readonly lastSeq: number;
};

export const logLength = 500;

export const initialRunState: RunState = {
  status: 'starting',
  runId: undefined,
  plan: undefined,
  steps: [],
  abandoned: undefined,
  services: [],
  images: [],
  transfer: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  changed: undefined,
  summary: undefined,
  log: [],
  lastSeq: 0,
};

const pendingSteps = (plan: Plan): readonly StepState[] =>
  plan.steps.map(step => ({
    id: step.id,
    title: step.title,
    status: 'pending',
    startedAt: undefined,
    durationMs: undefined,
    detail: undefined,
    summary: undefined,
    changed: undefined,
    error: undefined,
  }));

const withStep = (state: RunState, id: StepId, change: (step: StepState) => StepState): RunState => ({
  ...state,
  steps: state.steps.map(step => (step.id === id ? change(step) : step)),
});

const withLog = (state: RunState, entry: LogEntry): RunState => ({
  ...state,
  log: [...state.log, entry].slice(-logLength),
});

/** Replaces the entry with the same key, or adds the new one at the end. */
function put<Item>(items: readonly Item[], next: Item, isSame: (item: Item) => boolean): readonly Item[] {
  return items.some(isSame) ? items.map(item => (isSame(item) ? next : item)) : [...items, next];
}

const told = (name: string, phase: string, detail: string | undefined): string =>
  detail === undefined ? `${name}: ${phase}` : `${name}: ${phase}, ${detail}`;

const titleOf = (state: RunState, id: StepId): string =>
  state.steps.find(step => step.id === id)?.title ?? id;

function applyEvent(state: RunState, event: RunEvent): RunState {
  const { at } = event;
  switch (event.kind) {
    case 'run-started':
      return {
        ...state,
        status: 'running',
        runId: event.runId,
        plan: event.plan,
        steps: pendingSteps(event.plan),
        startedAt: at,
      };
    case 'step-started':
      return withLog(
        withStep(state, event.step, step => ({ ...step, status: 'running', startedAt: at })),
        { at, step: event.step, kind: 'step', text: titleOf(state, event.step) },
      );
    case 'step-detail':
      return withLog(
        withStep(state, event.step, step => ({ ...step, detail: event.text })),
        { at, step: event.step, kind: 'detail', text: event.text },
      );
    case 'image': {
      const { service, image, phase, detail, transfer } = event;
      const before = state.images.find(one => one.service === service);
      const next = { service, image, phase, detail, transfer };
      const changed = {
        ...state,
        images: put(state.images, next, one => one.service === service),
        transfer: event.allTransfer ?? state.transfer,
      };
      // Bytes that only grow are on the screen; in the log they would push everything else out.
      if (before?.phase === phase && before.detail === detail) return changed;
      return withLog(changed, { at, step: 'images', kind: 'image', text: told(service, phase, detail) });
    }
    case 'service': {
      const before = state.services.find(service => service.name === event.service);
      const since = before?.phase === event.phase ? before.since : at;
      return withLog(
        {
          ...state,
          services: put(
            state.services,
            { name: event.service, phase: event.phase, detail: event.detail, since },
            service => service.name === event.service,
          ),
        },
        {
          at,
          step: state.steps.find(step => step.status === 'running')?.id,
          kind: 'service',
          text: told(event.service, event.phase, event.detail),
        },
      );
    }
    case 'step-finished':
      return withLog(
        withStep(state, event.step, step => ({
          ...step,
          status: 'done',
          summary: event.summary,
          changed: event.changed,
          durationMs: event.durationMs,
        })),
        { at, step: event.step, kind: 'step', text: `${titleOf(state, event.step)}: ${event.summary}` },
      );
    case 'step-failed':
      return withLog(
        withStep(state, event.step, step => ({ ...step, status: 'failed', error: event.error })),
        { at, step: event.step, kind: 'error', text: event.error.message },
      );
    case 'rollback-started':
      return withLog(
        {
          ...state,
          plan: event.plan,
          steps: pendingSteps(event.plan),
          abandoned: state.plan === undefined ? undefined : { plan: state.plan, steps: state.steps },
          services: [],
          images: [],
        },
        { at, step: undefined, kind: 'run', text: `Going back to ${event.plan.mode} mode` },
      );
    case 'run-finished':
      return withLog(
        {
          ...state,
          status: event.outcome,
          finishedAt: at,
          changed: event.changed,
          summary: event.summary,
        },
        { at, step: undefined, kind: 'run', text: event.outcome },
      );
  }
}

/** Folds one event in. An event that was seen already (a re-read journal) changes nothing. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  if (event.seq <= state.lastSeq) return state;
  return { ...applyEvent(state, event), lastSeq: event.seq };
}

/** What is known when the journal ends without an outcome: the worker died. A finished run stays as it is. */
export const markRunLost = (state: RunState): RunState =>
  isRunOver(state) ? state : { ...state, status: 'lost' };

export const isRunOver = (state: RunState): boolean =>
  state.status === 'done' ||
  state.status === 'failed' ||
  state.status === 'stopped' ||
  state.status === 'rolled-back' ||
  state.status === 'lost';

/**
 * The step that keeps the run from being done: the failed one, else the one that was at work. Of a run that went back,
 * the one that made it go back.
 */
export const blockingStep = ({ steps, abandoned }: RunState): StepState | undefined =>
  steps.find(step => step.status === 'failed') ??
  steps.find(step => step.status === 'running') ??
  abandoned?.steps.find(step => step.status === 'failed');

/** Up and as wanted: healthy, running without a healthcheck, or done. */
export const isServiceUp = (phase: ServicePhase): boolean =>
  phase === 'healthy' || phase === 'running' || phase === 'done';
