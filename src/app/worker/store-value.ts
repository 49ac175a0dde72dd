/** Stores a value that the run was told (a token) in the mode's documents, before anything depends on it. */

import { exitCodes, UserError } from '../../core/error.ts';
import { storeInDocuments } from '../env/store-in-documents.ts';
import type { StepContext } from './step.ts';

/**
 * Throws a UserError (exit code 3) when `.env` is not the mode's any more; the mode's own document has the value then,
 * and the next set-up goes on from there.
 */
export async function storeValue(context: StepContext, key: string, value: string): Promise<void> {
  const { files } = context.ports;
  const { mode, envText } = context.request;
  if (await storeInDocuments(files, mode, { [key]: value }, envText)) return;
  throw new UserError(`${files.folder}/.env is not the document of ${mode} mode any more.`, {
    hint: `It was replaced during the run, and is left as it is. ${key} is stored for ${mode}.`,
    nextSteps: ['See what to do about it: homeiq env check'],
    exitCode: exitCodes.refused,
  });
}
