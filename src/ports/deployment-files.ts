/** The files of a deployment folder. Every write is to a temporary file, fsync, rename, mode 0600. */

import type { Mode } from '../core/mode/mode.ts';
import type { Level } from '../core/plan/plan.ts';

/** `.homeiq/deployment.json`. */
export type DeploymentRecord = {
  readonly formatVersion: 1;
  readonly level: Level;
  readonly mode: Mode;
  readonly project: string;
  readonly sourceRevision: string | undefined;
  readonly templateVersion: string;
};

export type SecretName =
  | 'influxdb-admin-password'
  | 'influxdb-operator-token'
  | 'home-assistant-test-password';

export type FolderState = {
  readonly path: string;
  readonly exists: boolean;
  readonly isEmpty: boolean;
  /** `.homeiq/` is there. */
  readonly isDeployment: boolean;
  /** Why nothing can be written there; undefined when it can. */
  readonly obstacle: string | undefined;
  /** The account that owns it, when it is not this one and this one is not root. */
  readonly foreignOwner: string | undefined;
};

export type DeploymentFiles = {
  readonly folder: string;
  readonly state: () => Promise<FolderState>;
  readonly readRecord: () => Promise<DeploymentRecord | undefined>;
  readonly writeRecord: (record: DeploymentRecord) => Promise<void>;
  /** The text of `.env`, or undefined. */
  readonly readEnv: () => Promise<string | undefined>;
  /** Replaces `.env`; the old one goes to `.homeiq/backups/` with a time stamp when it differs. */
  readonly writeEnv: (text: string) => Promise<void>;
  readonly readModeEnv: (mode: Mode) => Promise<string | undefined>;
  readonly writeModeEnv: (mode: Mode, text: string) => Promise<void>;
  readonly readSecret: (name: SecretName) => Promise<string | undefined>;
  readonly writeSecret: (name: SecretName, value: string) => Promise<void>;
  /** A file that belongs to the program, at the top of the folder (`compose.yaml`), or undefined. */
  readonly readProgramFile: (name: string) => Promise<string | undefined>;
  readonly writeProgramFile: (name: string, text: string) => Promise<void>;
};
