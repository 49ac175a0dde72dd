/** What an unattended set-up must not do without being told so. */

import type { TemplateField } from '../../core/env/template-field.ts';
import { checkValue } from '../../core/env/validate.ts';
import { exitCodes, UserError } from '../../core/error.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { nearestWord } from '../../core/text/nearest-word.ts';
import type { Draft } from '../wizard/wizard-types.ts';

const gb = (mib: number): string => `${(mib / 1024).toFixed(1)} GB`;

const invalidSetting = (key: string, problem: string): UserError =>
  new UserError(`${key}: ${problem}`, {
    nextSteps: [`Give it in the environment: HOMEIQ_SET_${key}=…`, 'Or run homeiq and type it.'],
  });

/** The first of the values that cannot be used, as an error; undefined when all can. */
export function findInvalidSetting(
  fields: readonly TemplateField[],
  values: Readonly<Record<string, string>>,
): UserError | undefined {
  for (const field of fields) {
    const problem = checkValue(field, values[field.key] ?? '');
    if (problem !== undefined) return invalidSetting(field.key, problem);
  }
  return undefined;
}

/** A service that was named must be there and must be one that can be left out. Throws a UserError with exit code 2. */
export function refuseUnknownServices({ services, mode }: Plan, without: readonly string[]): void {
  const names = services.filter(({ canLeaveOut }) => canLeaveOut !== false).map(({ name }) => name);
  const wrong = without.find(name => !names.includes(name));
  if (wrong === undefined) return;
  const isThere = services.some(({ name }) => name === wrong);
  const nearest = nearestWord(wrong, names);
  throw new UserError(
    isThere ? `${wrong} cannot be left out.` : `There is no service ${wrong} in ${mode} mode.`,
    {
      ...(isThere || nearest === undefined ? {} : { hint: `Did you mean ${nearest}?` }),
      nextSteps: [`homeiq plan --mode ${mode} lists the services.`],
      exitCode: exitCodes.usage,
    },
  );
}

/** Throws a UserError for the first setting that cannot be used. */
export function refuseInvalidSettings({ settings }: Pick<Draft, 'settings'>): void {
  const invalid = findInvalidSetting(
    settings.map(({ field }) => field),
    Object.fromEntries(settings.map(({ field, value }) => [field.key, value])),
  );
  if (invalid !== undefined) throw invalid;
}

/** Throws a UserError with exit code 3 (or 1 for a setting that cannot be used). */
export function refuseUnsafe(draft: Draft, consent: { readonly acceptMemoryRisk: boolean }): void {
  refuseInvalidSettings(draft);
  const [moved] = draft.movedPorts;
  if (moved !== undefined) {
    const { service, key, from, to, holder } = moved;
    throw new UserError(`Port ${from} of ${service} is used by ${holder}.`, {
      nextSteps: [
        `Free it, or give ${service} another port: HOMEIQ_SET_${key}=${to ?? from + 1}`,
        'homeiq without a command moves it and says so.',
      ],
      exitCode: exitCodes.refused,
    });
  }
  const refusal = findMemoryRefusal(draft.plan, consent);
  if (refusal !== undefined) throw refusal;
}

/**
 * Why a plan must not run on this machine without consent; undefined when it may. What runs now is no reason to refuse:
 * a plan that only relieves the machine is always allowed.
 */
export function findMemoryRefusal(
  { memory, onTheWay }: Plan,
  consent: { readonly acceptMemoryRisk: boolean },
): UserError | undefined {
  if (consent.acceptMemoryRisk) return undefined;
  const risk = 'Or take the risk: --accept-memory-risk';
  if (memory.verdict === 'does-not-fit') {
    const suggestions = memory.suggestions.map(
      ({ name, savesMiB }) => `--without ${name} saves ${savesMiB} MiB`,
    );
    return new UserError(
      `It does not fit: ${gb(memory.startMiB)} for the services and ${gb(memory.reserveMiB)} for the system are more than ${gb(memory.budgetMiB)}.`,
      { nextSteps: [...suggestions, risk], exitCode: exitCodes.refused },
    );
  }
  const allowedMiB = memory.budgetMiB - memory.reserveMiB;
  if (onTheWay === undefined || onTheWay.worstMiB <= Math.max(allowedMiB, onTheWay.beforeMiB))
    return undefined;
  return new UserError(
    `It does not fit on the way: ${gb(onTheWay.worstMiB)} at the worst moment are more than ${gb(allowedMiB)}.`,
    { nextSteps: ['Leave something out: --without SERVICE', risk], exitCode: exitCodes.refused },
  );
}
