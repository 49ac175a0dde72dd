/** The values of options and words, checked. Each throws a UserError with exit code 2 that names what is wrong. */

import { isRecoveryMethod, type RecoveryMethod, recoveryMethods } from '../core/buckets/recovery.ts';
import { type EstimateBasis, estimateBases } from '../core/memory/measured-estimates.ts';
import { isMode, type Mode, modes } from '../core/mode/mode.ts';
import { type FailureChoice, failureChoices } from './option-table.ts';
import { suggest, usageError } from './usage-error.ts';

export function readMode(text: string | undefined): Mode | undefined {
  if (text === undefined || isMode(text)) return text;
  throw usageError(
    `There is no mode ${text}.`,
    suggest(text, modes) ?? `The modes are ${modes.join(' and ')}.`,
  );
}

export function readBudget(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const budgetMiB = Number(text);
  if (Number.isInteger(budgetMiB) && budgetMiB > 0) return budgetMiB;
  throw usageError(
    `--memory-budget takes a whole number of MiB, not ${text}.`,
    'For 8 GB: --memory-budget 8192',
  );
}

/** One of a few words. */
function readChoice<Word extends string>(
  option: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  const word = words.find(name => name === text);
  if (text === undefined || word !== undefined) return word;
  throw usageError(`${option} takes ${words.join(' or ')}, not ${text}.`, suggest(text, words));
}

export const readBasis = (text: string | undefined): EstimateBasis | undefined =>
  readChoice('--use', text, estimateBases);

export function readRetention(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw usageError(
    `--retention-days takes a whole number of days, not ${text}.`,
    'For two weeks: --retention-days 14',
  );
}

export function readRecovery(text: string | undefined): RecoveryMethod | undefined {
  if (text === undefined || isRecoveryMethod(text)) return text;
  throw usageError(
    `There is no recovery ${text}.`,
    suggest(text, recoveryMethods) ?? `The ways are ${recoveryMethods.join(', ')}.`,
  );
}

export const readFailureChoice = (text: string | undefined): FailureChoice | undefined =>
  readChoice('--on-failure', text, failureChoices);
