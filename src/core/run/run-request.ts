/** What the worker is given. It holds the documents with their secrets: it is never written to a journal or a command line. */

import type { Mode } from '../mode/mode.ts';
import type { Plan } from '../plan/plan.ts';

export type RunRequest = {
  readonly runId: string;
  readonly plan: Plan;
  /** The env document of the mode, as text, to be written by the settings step. */
  readonly envText: string;
  readonly mode: Mode;
};
