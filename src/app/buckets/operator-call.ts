/** Calls made with the operator token: a refusal is told with what it means and what to do. */

import { adviseOperatorToken, classifyRefusal, type Refusal } from '../../core/buckets/refusal.ts';
import { ExternalError } from '../../core/error.ts';
import type { Influx, TokenStanding } from '../../ports/influxdb.ts';

/** Runs `call`; throws an ExternalError with advice when the operator token is refused, anything else as it came. */
export async function withOperatorAdvice<Answer>(url: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof ExternalError)) throw thrown;
    const refusal = classifyRefusal(thrown.status, thrown.tail);
    if (refusal === undefined) throw thrown;
    const { message, hint, nextSteps } = adviseOperatorToken(refusal, url);
    throw new ExternalError(message, {
      hint,
      nextSteps,
      ...(thrown.command === undefined ? {} : { command: thrown.command }),
      ...(thrown.status === undefined ? {} : { status: thrown.status }),
      ...(thrown.tail === undefined ? {} : { tail: thrown.tail }),
      ...(thrown.code === undefined ? {} : { code: thrown.code }),
    });
  }
}

/** InfluxDB's word, with status 422, for a name that is taken. */
export const isConflict = (thrown: unknown): boolean =>
  thrown instanceof ExternalError && thrown.code === 'conflict';

const refusals: Readonly<Record<Exclude<TokenStanding, 'operator'>, Refusal>> = {
  unknown: 'unknown-token',
  inactive: 'inactive-token',
  limited: 'no-right',
};

/** Throws an ExternalError with advice when the token is not one that may do everything on the server. */
export async function requireOperator(influx: Influx, token: string, signal?: AbortSignal): Promise<void> {
  const standing = await influx.tokenStanding(token, signal);
  if (standing === 'operator') return;
  const { message, hint, nextSteps } = adviseOperatorToken(refusals[standing], influx.url);
  throw new ExternalError(message, { hint, nextSteps, status: 401 });
}
