import type { Level } from '../core/plan/plan.ts';
import type { ComposeAnswer } from '../core/run/run-request.ts';

export type PortsRequest = {
  readonly level: Level;
  /** Absolute path of the deployment folder. */
  readonly folder: string;
  /** The folder with `compose.yaml`, `env-templates/` and `dist/`. */
  readonly programFolder: string;
  readonly version: string;
  /** For a worker: from its request. */
  readonly composeAnswers?: readonly ComposeAnswer[] | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
};
