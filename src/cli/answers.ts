/** Settings given without a screen: `--answers FILE` and `HOMEIQ_SET_<KEY>`. */

import { stat } from 'node:fs/promises';
import { describeAccess } from '../adapters/files/exposed-files.ts';
import { largestEnvBytes, readText } from '../adapters/files/read-text.ts';
import { knownKeys } from '../app/env/known-keys.ts';
import { nearestKey } from '../core/env/check-document.ts';
import { parseEnv } from '../core/env/parse.ts';
import { findProblems } from '../core/env/problems.ts';
import { createSecretTest } from '../core/env/secret-keys.ts';
import { documentValues, type EnvValues } from '../core/env/values.ts';
import { exitCodes, UserError } from '../core/error.ts';
import type { Ports } from '../ports/ports.ts';
import type { Arguments } from './arguments.ts';
import { type Environment, presetPrefix, readPresetAnswers } from './session.ts';

/** The text of a file that the operator names. Throws a UserError when it is not there. */
export async function readNamedFile(path: string): Promise<string> {
  const text = await readText(path, largestEnvBytes);
  if (text !== undefined) return text;
  throw new UserError(`There is no file ${path}.`, { exitCode: exitCodes.usage });
}

async function readAnswersFile(path: string, warn: (text: string) => void): Promise<EnvValues> {
  const document = parseEnv(await readNamedFile(path));
  const problem = findProblems(document).find(({ kind }) => kind === 'unreadable' || kind === 'duplicate');
  if (problem !== undefined) {
    throw new UserError(`${path}: ${problem.message}`, { exitCode: exitCodes.usage });
  }
  const values = documentValues(document);
  const isSecret = createSecretTest([]);
  const access = describeAccess((await stat(path)).mode);
  if (access !== undefined && Object.keys(values).some(isSecret)) {
    const who = access === 'world-readable' ? 'Every account of this machine' : 'The group of its owner';
    warn(`${who} can read ${path}, which holds secrets. Change that: chmod 600 ${path}`);
  }
  return values;
}

function requireKnown(
  keys: readonly string[],
  known: readonly string[],
  describe: (key: string) => string,
): void {
  const unknown = keys.find(key => !known.includes(key));
  if (unknown === undefined) return;
  const nearest = nearestKey(unknown, known);
  throw new UserError(`${describe(unknown)}: there is no setting of this name.`, {
    ...(nearest === undefined ? {} : { hint: `Did you mean ${nearest}?` }),
    nextSteps: ['A key of your own goes into .env itself: it is kept there.'],
    exitCode: exitCodes.usage,
  });
}

/**
 * What is given in the environment wins over the file. Throws a UserError (exit code 2) for a key that means nothing
 * to this deployment, and for a file that cannot be read; warns about one with secrets that others can read.
 */
export async function readAnswers(
  ports: Ports,
  parsed: Pick<Arguments, 'answers' | 'level'>,
  environment: Environment,
  warn: (text: string) => void,
): Promise<EnvValues> {
  const given = readPresetAnswers(environment);
  const inFile = parsed.answers === undefined ? {} : await readAnswersFile(parsed.answers, warn);
  if (Object.keys(given).length === 0 && parsed.answers === undefined) return {};
  const known = await knownKeys(ports, parsed.level);
  requireKnown(Object.keys(inFile), known, key => `${parsed.answers}, ${key}`);
  requireKnown(Object.keys(given), known, key => `${presetPrefix}${key}`);
  return { ...inFile, ...given };
}
