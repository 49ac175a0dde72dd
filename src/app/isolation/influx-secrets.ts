/** The tokens of InfluxDB that this deployment knows. Secrets: they are compared and used, and never told. */

import { type Mode, otherMode } from '../../core/mode/mode.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';
import { readModeDocument, storedToken } from '../buckets/mode-documents.ts';

export type InfluxSecrets = {
  /** The mode's own; undefined: it has none yet. */
  readonly token: string | undefined;
  readonly otherToken: string | undefined;
  readonly operatorToken: string | undefined;
};

export async function readInfluxSecrets(files: DeploymentFiles, mode: Mode): Promise<InfluxSecrets> {
  const [own, other, operatorToken] = await Promise.all([
    readModeDocument(files, mode),
    readModeDocument(files, otherMode(mode)),
    files.readSecret('influxdb-operator-token'),
  ]);
  return { token: storedToken(own), otherToken: storedToken(other), operatorToken };
}
