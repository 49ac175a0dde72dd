/** Errors of the command line: exit code 2. */

import { exitCodes, UserError } from '../core/error.ts';
import { nearestWord } from '../core/text/nearest-word.ts';

export const usageError = (message: string, hint?: string): UserError =>
  new UserError(message, {
    ...(hint === undefined ? {} : { hint }),
    nextSteps: ['homeiq --help lists commands and options.'],
    exitCode: exitCodes.usage,
  });

export const suggest = (word: string, words: readonly string[]): string | undefined => {
  const nearest = nearestWord(word, words);
  return nearest === undefined ? undefined : `Did you mean ${nearest}?`;
};
