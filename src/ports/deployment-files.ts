/** The files of a deployment folder. Every write is to a temporary file, fsync, rename; mode 0600 unless it says otherwise. */

import type { Mode } from '../core/mode/mode.ts';
import type { Level } from '../core/plan/plan.ts';

/** `.homeiq/deployment.json`. */
export type DeploymentRecord = {
  readonly formatVersion: 1;
  readonly level: Level;
  readonly mode: Mode;
  /** Set while a run puts this mode's document in place of the other's: both are then expected in `.env`. */
  readonly nextMode?: Mode | undefined;
  readonly project: string;
  readonly sourceRevision: string | undefined;
  readonly templateVersion: string;
};

export type SecretName =
  | 'influxdb-admin-password'
  | 'influxdb-operator-token'
  /** What a recovery replaced: it may belong to another volume. */
  | 'influxdb-operator-token-before'
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

/** A replaced `.env`, kept. */
export type EnvBackup = {
  /** The name of its file in `.homeiq/backups/`. */
  readonly name: string;
  readonly text: string;
};

/** A file with secrets that others than its owner can read, or that belongs to somebody else than the folder. */
export type ExposedFile = {
  readonly path: string;
  readonly fault: 'group-readable' | 'world-readable' | 'foreign-owner' | 'writable-by-others';
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
  /** What this program wrote into `.env` last for the mode: what edits by hand are told from. */
  readonly readWrittenEnv: (mode: Mode) => Promise<string | undefined>;
  readonly writeWrittenEnv: (mode: Mode, text: string) => Promise<void>;
  /** Newest first. */
  readonly envBackups: () => Promise<readonly EnvBackup[]>;
  /** Looks at `.env`, at everything in `.homeiq/`, and at the folders they are in. */
  readonly exposedFiles: () => Promise<readonly ExposedFile[]>;
  readonly readSecret: (name: SecretName) => Promise<string | undefined>;
  readonly writeSecret: (name: SecretName, value: string) => Promise<void>;
  /** Writes a log into a new file below `.homeiq/logs/`, called after `name` and the time; tells its path. */
  readonly saveLog: (name: string, text: string) => Promise<string>;
  /** A file that belongs to the program, at the top of the folder (`compose.yaml`), or undefined. */
  readonly readProgramFile: (name: string) => Promise<string | undefined>;
  readonly writeProgramFile: (name: string, text: string) => Promise<void>;
  /** The same for a file that containers mount: every account may read it, whichever theirs is. It holds no secret. */
  readonly writeMountedFile: (name: string, text: string) => Promise<void>;
};
