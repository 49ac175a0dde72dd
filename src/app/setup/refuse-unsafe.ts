/** What an unattended set-up must not do without being told so. */

import { exitCodes, UserError } from '../../core/error.ts';
import type { Draft } from '../wizard/wizard-types.ts';

const gb = (mib: number): string => `${(mib / 1024).toFixed(1)} GB`;

/** Throws a UserError with exit code 3 (or 1 for a setting that cannot be used). */
export function refuseUnsafe(draft: Draft, consent: { readonly acceptMemoryRisk: boolean }): void {
  const invalid = draft.settings.find(({ problem }) => problem !== undefined);
  if (invalid !== undefined) {
    throw new UserError(`${invalid.field.key}: ${invalid.problem}`, {
      nextSteps: [
        `Give it in the environment: HOMEIQ_SET_${invalid.field.key}=…`,
        'Or run homeiq and type it.',
      ],
    });
  }
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
  const { memory } = draft.plan;
  if (memory.verdict === 'does-not-fit' && !consent.acceptMemoryRisk) {
    const suggestions = memory.suggestions.map(
      ({ name, savesMiB }) => `--without ${name} saves ${savesMiB} MiB`,
    );
    throw new UserError(
      `It does not fit: ${gb(memory.startMiB)} for the services and ${gb(memory.reserveMiB)} for the system are more than ${gb(memory.budgetMiB)}.`,
      { nextSteps: [...suggestions, 'Or take the risk: --accept-memory-risk'], exitCode: exitCodes.refused },
    );
  }
}
