/** The events of a run, one JSON object a line in `.homeiq/runs/<id>.jsonl`. They carry no secret. */

import type { ErrorReport } from '../error.ts';
import type { Transfer } from '../images/transfer.ts';
import type { Plan, StepId } from '../plan/plan.ts';

export const journalVersion = 1;

/** `rolled-back`: it failed, and the mode that it had left is as it was before. */
export type RunOutcome = 'done' | 'failed' | 'stopped' | 'rolled-back';

/** Where one service is on its way up. */
export type ServicePhase =
  | 'waiting'
  | 'creating'
  | 'starting'
  | 'healthy'
  | 'running'
  | 'done'
  | 'unhealthy'
  | 'exited';

/** Where one image is on its way. */
export type ImagePhase = 'present' | 'pulling' | 'building' | 'ready' | 'failed';

/** Where the operator finds things when the run is over. */
export type RunSummary = {
  readonly addresses: readonly { readonly name: string; readonly url: string }[];
  readonly credentials: readonly { readonly what: string; readonly file: string }[];
  readonly leftOut: readonly { readonly service: string; readonly reason: string }[];
  readonly notes: readonly string[];
};

export type RunEventBody =
  | { readonly kind: 'run-started'; readonly runId: string; readonly pid: number; readonly plan: Plan }
  | { readonly kind: 'step-started'; readonly step: StepId }
  | { readonly kind: 'step-detail'; readonly step: StepId; readonly text: string }
  | {
      readonly kind: 'image';
      readonly service: string;
      readonly image: string;
      readonly phase: ImagePhase;
      readonly detail?: string;
      /** Of this image. */
      readonly transfer?: Transfer;
      /** Of all images that this run pulls; what they share counts once. */
      readonly allTransfer?: Transfer;
    }
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly phase: ServicePhase;
      readonly detail?: string;
    }
  | {
      readonly kind: 'step-finished';
      readonly step: StepId;
      /** False: the check said it was already true, and nothing was done. */
      readonly changed: boolean;
      readonly summary: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'step-failed'; readonly step: StepId; readonly error: ErrorReport }
  /** After a failed step: from here on the steps are those of the way back. */
  | { readonly kind: 'rollback-started'; readonly plan: Plan }
  | {
      readonly kind: 'run-finished';
      readonly outcome: RunOutcome;
      readonly changed: boolean;
      readonly summary?: RunSummary;
    };

export type RunEvent = RunEventBody & {
  /** Format version of the line. */
  readonly v: typeof journalVersion;
  /** Counts from 1 without gaps. */
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
};
