/** Calls made with the operator token: a refusal is told with what it means and what to do. */

import { adviseOperatorToken, classifyRefusal } from '../../core/buckets/refusal.ts';
import { ExternalError } from '../../core/error.ts';

/** Runs `call`; throws an ExternalError with advice when the operator token is refused, anything else as it came. */
export async function withOperatorAdvice<Answer>(
  where: { readonly url: string; readonly org: string },
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof ExternalError)) throw thrown;
    const refusal = classifyRefusal(thrown.status, thrown.tail);
    if (refusal === undefined) throw thrown;
    const { message, hint, nextSteps } = adviseOperatorToken(refusal, where.url, where.org);
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
