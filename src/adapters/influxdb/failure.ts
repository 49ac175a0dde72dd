/** Turns what a failed call threw into an ExternalError. No message carries a token: headers are never looked at. */

import { ExternalError } from '../../core/error.ts';
import { describeUnreachable, oneLine } from '../http/describe-unreachable.ts';
import { QueryError, ShapeError } from './answer-errors.ts';

/**
 * The parts of the client's HttpError that matter here; its class names are minified, so it is known by `name`. It takes
 * `code` and `message` from the answer as they are, of any type.
 */
export type HttpFailure = {
  readonly name: 'HttpError';
  readonly statusCode: number;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly code: string | undefined;
  readonly message: string;
};

export function asHttpFailure(thrown: unknown): HttpFailure | undefined {
  if (!(thrown instanceof Error) || thrown.name !== 'HttpError') return undefined;
  const parts = thrown as unknown as Readonly<Record<string, unknown>>;
  const { statusCode, body, headers, code, message } = parts;
  if (typeof statusCode !== 'number') return undefined;
  const text = typeof body === 'string' ? body : undefined;
  return {
    name: 'HttpError',
    statusCode,
    body: text,
    headers: typeof headers === 'object' && headers !== null ? (headers as HttpFailure['headers']) : {},
    code: typeof code === 'string' ? code : undefined,
    message: typeof message === 'string' ? message : (text ?? ''),
  };
}

/** `request` is the method and path without its query, for example `POST /api/v2/orgs`. */
export function toExternalError(thrown: unknown, url: string, request: string): ExternalError {
  const failure = asHttpFailure(thrown);
  const command = `${request} at ${url}`;
  if (failure !== undefined) {
    const isOurs = failure.code !== undefined || failure.headers['x-influxdb-version'] !== undefined;
    const said = oneLine(failure.code === undefined ? (failure.body ?? '') : failure.message);
    return new ExternalError(`InfluxDB answered ${failure.statusCode}${said === '' ? '' : `: ${said}`}`, {
      command,
      status: failure.statusCode,
      ...(failure.code === undefined ? {} : { code: failure.code }),
      ...(said === '' ? {} : { tail: said }),
      ...(isOurs ? {} : { hint: `Something else than InfluxDB may answer at ${url}, a proxy for example.` }),
    });
  }
  if (thrown instanceof ShapeError || thrown instanceof SyntaxError) {
    // For an answer with a good status: the reason of a SyntaxError would quote the answer itself.
    const what = thrown instanceof SyntaxError ? 'it is not JSON' : thrown.message;
    return new ExternalError(`What answers at ${url} does not answer like InfluxDB 2: ${what}`, {
      command,
      code: 'unexpected answer',
      hint: 'A proxy or another program may answer at that address.',
    });
  }
  if (thrown instanceof QueryError) {
    const said = oneLine(thrown.message);
    return new ExternalError(`InfluxDB failed during the query: ${said}`, {
      command,
      status: 200,
      tail: said,
    });
  }
  const { seen, code } = describeUnreachable(thrown);
  return new ExternalError(`InfluxDB did not answer at ${url}: ${seen}`, {
    command,
    code,
    hint: 'Is the service influxdb running, and is this its address?',
  });
}
