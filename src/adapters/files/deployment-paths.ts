/** Where things are in a deployment folder. */

import { join } from 'node:path';
import type { Mode } from '../../core/mode/mode.ts';
import type { SecretName } from '../../ports/deployment-files.ts';

export const stateFolderName = '.homeiq';

export type DeploymentPaths = {
  readonly folder: string;
  readonly state: string;
  readonly env: string;
  readonly record: string;
  readonly modes: string;
  readonly secrets: string;
  readonly backups: string;
  readonly runs: string;
  readonly lock: string;
  readonly memory: string;
  readonly knownStack: string;
  readonly estimates: string;
  readonly modeEnv: (mode: Mode) => string;
  readonly writtenEnv: (mode: Mode) => string;
  readonly secret: (name: SecretName) => string;
};

/** The folders that this program makes for itself: no link may stand in the place of one. */
export const ownFolders = ({ state, modes, secrets, backups, runs }: DeploymentPaths): readonly string[] => [
  state,
  modes,
  secrets,
  backups,
  runs,
  join(state, 'logs'),
];

/** The paths below `folder`, which is absolute. */
export function deploymentPaths(folder: string): DeploymentPaths {
  const state = join(folder, stateFolderName);
  return {
    folder,
    state,
    env: join(folder, '.env'),
    record: join(state, 'deployment.json'),
    modes: join(state, 'modes'),
    secrets: join(state, 'secrets'),
    backups: join(state, 'backups'),
    runs: join(state, 'runs'),
    lock: join(state, 'lock'),
    memory: join(state, 'memory.json'),
    knownStack: join(state, 'stack.json'),
    estimates: join(state, 'estimates.json'),
    modeEnv: mode => join(state, 'modes', `${mode}.env`),
    writtenEnv: mode => join(state, 'modes', `${mode}.written.env`),
    secret: name => join(state, 'secrets', name),
  };
}
