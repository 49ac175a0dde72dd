/** Asks `/ping` and `/health`, and turns whatever comes, an error included, into an identity. */

import { ExternalError } from '../../core/error.ts';
import type { Influx, InfluxIdentity } from '../../ports/influxdb.ts';
import { describeUnreachable, oneLine } from '../http/describe-unreachable.ts';
import { ShapeError } from './answer-errors.ts';
import type { Call } from './call.ts';
import { asHttpFailure } from './failure.ts';
import { classifyPing, type PingAnswer } from './identify.ts';

/** `/health` is 503 with a message while a later 2.x starts; what is not InfluxDB's answer is another program. */
function classifyHealth(answer: PingAnswer, version: string): InfluxIdentity {
  const { body } = answer;
  const fields = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const message = typeof fields.message === 'string' ? oneLine(fields.message) : undefined;
  if (answer.status === 200 && fields.status === 'pass') return { kind: 'influxdb2', version };
  if (answer.status === 503 || fields.status === 'fail') {
    return { kind: 'not-ready', seen: `InfluxDB ${version} says: ${message ?? 'starting'}` };
  }
  return { kind: 'other', seen: `InfluxDB ${version} whose /health answers HTTP ${answer.status}` };
}

/** The body of a failed answer: JSON where it says so. */
function parseBody(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `call` must hand on failures as they are. */
export function createIdentify(call: Call, timeoutMs: number): Influx['identify'] {
  /** The answer with its status and headers, whatever the status; throws only when none came. */
  const get = (path: '/ping' | '/health', signal: AbortSignal | undefined): Promise<PingAnswer> =>
    call({ name: `GET ${path}`, timeoutMs, signal }, async ({ client, apis, options }) => {
      let status = 0;
      let headers: PingAnswer['headers'] = {};
      const withStart = {
        ...options,
        responseStarted: (started: PingAnswer['headers'], statusCode?: number) => {
          headers = started;
          status = statusCode ?? 0;
        },
      };
      try {
        const body: unknown =
          path === '/ping'
            ? await new apis.PingAPI(client).getPing({}, withStart)
            : await new apis.HealthAPI(client).getHealth({}, withStart);
        return { status, headers, body };
      } catch (thrown) {
        const failure = asHttpFailure(thrown);
        if (failure !== undefined) {
          return { status: failure.statusCode, headers: failure.headers, body: parseBody(failure.body) };
        }
        // An answer came, but its body is not the JSON that it says it is.
        if (thrown instanceof SyntaxError) return { status, headers, body: undefined };
        throw thrown;
      }
    });

  return async signal => {
    try {
      const identity = classifyPing(await get('/ping', signal));
      if (identity.kind !== 'influxdb2') return identity;
      return classifyHealth(await get('/health', signal), identity.version);
    } catch (thrown) {
      if (thrown instanceof ExternalError && thrown.code === 'timeout') {
        return { kind: 'not-ready', seen: `no answer within ${timeoutMs / 1000} s` };
      }
      signal?.throwIfAborted();
      if (thrown instanceof ShapeError) return { kind: 'other', seen: `an answer, but ${thrown.message}` };
      const { kind, seen } = describeUnreachable(thrown);
      return kind === 'certificate' || kind === 'not-http' || kind === 'other'
        ? { kind: 'other', seen }
        : { kind: 'not-ready', seen };
    }
  };
}
