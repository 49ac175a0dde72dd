/** Turns what a failed call threw into an ExternalError. No message carries a token: headers are never looked at. */

import { ExternalError } from '../../core/error.ts';
import { QueryError, ShapeError } from './answer-errors.ts';

/** The parts of the client's HttpError that matter here; its class names are minified, so it is known by `name`. */
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
  const { statusCode, body, headers, code } = thrown as Error & {
    statusCode?: unknown;
    body?: unknown;
    headers?: unknown;
    code?: unknown;
  };
  if (typeof statusCode !== 'number') return undefined;
  return {
    name: 'HttpError',
    statusCode,
    body: typeof body === 'string' ? body : undefined,
    headers: typeof headers === 'object' && headers !== null ? (headers as HttpFailure['headers']) : {},
    code: typeof code === 'string' ? code : undefined,
    message: thrown.message,
  };
}

export type Unreachable = {
  readonly kind:
    | 'refused'
    | 'reset'
    | 'unknown-host'
    | 'no-route'
    | 'timeout'
    | 'certificate'
    | 'not-http'
    | 'other';
  readonly code: string;
  /** What was seen, as the end of a sentence: `nothing listens there (ECONNREFUSED)`. */
  readonly seen: string;
};

const systemCode = (thrown: unknown): string | undefined => {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return systemCode(thrown.errors[0]);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
};

/** Says why no answer came. The codes are those of Node's sockets, TLS and HTTP parser. */
export function describeUnreachable(thrown: unknown): Unreachable {
  const code = systemCode(thrown) ?? (thrown instanceof Error ? thrown.name : 'unknown');
  const say = (kind: Unreachable['kind'], text: string): Unreachable => ({
    kind,
    code,
    seen: `${text} (${code})`,
  });
  if (code === 'ECONNREFUSED') return say('refused', 'nothing listens there');
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'AbortError') {
    return say('reset', 'the connection was closed before an answer came');
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say('unknown-host', 'no such host name');
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return say('no-route', 'no way to that machine');
  if (code === 'ETIMEDOUT') return say('timeout', 'no connection in time');
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code)) {
    return say('certificate', 'its certificate is not trusted');
  }
  if (code.startsWith('HPE_')) return say('not-http', 'what answers does not speak HTTP');
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return say('not-http', 'what answers does not speak HTTPS');
  }
  return say('other', 'the request failed');
}

/** One line of at most 200 characters, without control characters. */
export function oneLine(text: string): string {
  const clean = text
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
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
