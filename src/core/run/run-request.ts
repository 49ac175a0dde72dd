/** What the worker is given. It holds the documents with their secrets: it is never written to a journal or a command line. */

import type { Mode } from '../mode/mode.ts';
import type { Plan } from '../plan/plan.ts';

/** The env documents that a run writes, as text. */
export type RunDocuments = {
  /** The document of the mode, to be written by the settings step. */
  readonly envText: string;
  /** The other mode's document, where edits or answers of shared keys change it too. */
  readonly otherEnvText?: string;
  /** `.env` as it was when the documents were made, `text` undefined when there was none; the run refuses any other. */
  readonly envSeen?: { readonly text?: string };
};

/** The way back to the mode that a switch leaves. */
export type RunRollback = {
  readonly plan: Plan;
  readonly mode: Mode;
  readonly documents: RunDocuments;
};

/** What Compose said a moment ago to a question that `key` is the digest of. The answer may hold secrets. */
export type ComposeAnswer = { readonly key: string; readonly answer: string };

export type RunRequest = RunDocuments & {
  readonly runId: string;
  readonly plan: Plan;
  readonly mode: Mode;
  /** Given: when the switch fails after it left the other mode, the worker goes back to it by itself. */
  readonly rollback?: RunRollback;
  /** What Compose has just said of the plan's stack; the worker asks it again once that is old, or the files changed. */
  readonly composeAnswers?: readonly ComposeAnswer[];
  /** A user of InfluxDB who may make operator tokens, for the recovery by password. */
  readonly influxdbUser?: { readonly username: string; readonly password: string };
};
