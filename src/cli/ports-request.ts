import type { Level } from '../core/plan/plan.ts';

export type PortsRequest = {
  readonly level: Level;
  /** Absolute path of the deployment folder. */
  readonly folder: string;
  /** The folder with `compose.yaml`, `env-templates/` and `dist/`. */
  readonly programFolder: string;
  readonly version: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};
