/** Writing the env documents of a deployment, always all of them and in this order. Called by steps of a run only. */

import { exitCodes, UserError } from '../../core/error.ts';
import type { Mode } from '../../core/mode/mode.ts';
import { otherMode } from '../../core/mode/mode.ts';
import type { RunDocuments } from '../../core/run/run-request.ts';
import type { DeploymentFiles } from '../../ports/deployment-files.ts';

type Request = RunDocuments & { readonly mode: Mode };

/** Whether the files say what the request wants. */
export async function areDocumentsWritten(files: DeploymentFiles, request: Request): Promise<boolean> {
  const [env, own, written, other] = await Promise.all([
    files.readEnv(),
    files.readModeEnv(request.mode),
    files.readWrittenEnv(request.mode),
    files.readModeEnv(otherMode(request.mode)),
  ]);
  const { envText, otherEnvText } = request;
  return (
    env === envText &&
    own === envText &&
    written === envText &&
    (otherEnvText === undefined || other === otherEnvText)
  );
}

/** Throws a UserError (exit code 3) when `.env` is no longer what the documents of the run were made from. */
export async function refuseChangedEnv(files: DeploymentFiles, request: Request): Promise<void> {
  if (request.envSeen === undefined) return;
  const now = await files.readEnv();
  if (now === request.envSeen.text || now === request.envText) return;
  throw new UserError(`${files.folder}/.env was changed after the plan was made.`, {
    hint: 'Somebody edited it, or another run wrote it. It is left as it is.',
    nextSteps: ['Run the command again: the edits are then taken over.'],
    exitCode: exitCodes.refused,
  });
}

/**
 * Writes the documents: first those of the modes, then `.env`, and last what edits by hand are told from. A crash in
 * between loses nothing: what is not yet in `.env` is then taken from the mode's document.
 */
export async function writeDocuments(files: DeploymentFiles, request: Request): Promise<void> {
  await refuseChangedEnv(files, request);
  const { mode, envText, otherEnvText } = request;
  if (otherEnvText !== undefined) await files.writeModeEnv(otherMode(mode), otherEnvText);
  await files.writeModeEnv(mode, envText);
  const record = await files.readRecord();
  if (record !== undefined && record.mode !== mode) await files.writeRecord({ ...record, nextMode: mode });
  await files.writeEnv(envText);
  await files.writeWrittenEnv(mode, envText);
}
