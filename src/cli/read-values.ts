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

export function readBasis(text: string | undefined): EstimateBasis | undefined {
  const basis = estimateBases.find(name => name === text);
  if (text === undefined || basis !== undefined) return basis;
  throw usageError(`--use takes ${estimateBases.join(' or ')}, not ${text}.`, suggest(text, estimateBases));
}

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

export function readFailureChoice(text: string | undefined): FailureChoice | undefined {
  const choice = failureChoices.find(name => name === text);
  if (text === undefined || choice !== undefined) return choice;
  throw usageError(
    `--on-failure takes ${failureChoices.join(' or ')}, not ${text}.`,
    suggest(text, failureChoices),
  );
}
