/** The three 401s of InfluxDB, which look alike and mean different things. */

import { recoverySteps } from './recovery.ts';

export type Refusal =
  /** The server has no such token. */
  | 'unknown-token'
  | 'inactive-token'
  /** The token is known and lacks the right. */
  | 'no-right';

/** Undefined when the failure is no refusal. The texts are InfluxDB's own and the same from 2.7 to 2.9. */
export function classifyRefusal(
  status: number | string | undefined,
  said: string | undefined,
): Refusal | undefined {
  if (status === 403) return said?.includes('inactive') === true ? 'inactive-token' : 'no-right';
  if (status !== 401) return undefined;
  if (said === 'unauthorized access') return 'unknown-token';
  if (said?.includes('inactive') === true) return 'inactive-token';
  return said?.includes('unauthorized') === true ? 'no-right' : 'unknown-token';
}

export type RefusalAdvice = {
  readonly message: string;
  readonly hint: string;
  readonly nextSteps: readonly string[];
};

/** What a refused operator token means and what to do about it. */
export function adviseOperatorToken(refusal: Refusal, url: string): RefusalAdvice {
  switch (refusal) {
    case 'unknown-token':
      return {
        message: `InfluxDB at ${url} does not know the operator token of this deployment.`,
        hint: 'Its data volume was set up with other credentials: by somebody else, or by an earlier deployment. Changing a secret in a file does not change it in an existing volume.',
        nextSteps: recoverySteps,
      };
    case 'inactive-token':
      return {
        message: `The operator token of this deployment was switched off in InfluxDB at ${url}.`,
        hint: 'Somebody set the token, or the user it belongs to, to inactive.',
        nextSteps: [
          'Switch it on again in InfluxDB (in a browser: Load Data, API Tokens), or make a new one:',
          ...recoverySteps,
        ],
      };
    case 'no-right':
      return {
        message: `The stored token is known to InfluxDB at ${url} but is no operator token.`,
        hint: 'It may be the token of a service, or of one organization only. Organizations and tokens can be made by an operator token alone.',
        nextSteps: recoverySteps,
      };
  }
}
