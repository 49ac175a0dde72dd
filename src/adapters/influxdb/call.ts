/** One request to InfluxDB: limited in time, ended when the caller gives up, its failure told as an ExternalError. */

import type { InfluxDB } from '@influxdata/influxdb-client';
import type { RequestOptions } from '@influxdata/influxdb-client-apis';
import { ExternalError, UserError } from '../../core/error.ts';
import type { InfluxCredential } from '../../ports/influxdb.ts';
import { createAgent, createClient, type Library, loadLibrary } from './library.ts';

export type CallTools = {
  readonly client: InfluxDB;
  readonly library: Library;
  readonly apis: Library['apis'];
  /** Goes to the API method as its last argument; `signal` is missing from the package's type. */
  readonly options: RequestOptions & { readonly signal: AbortSignal };
};

export type CallRequest = {
  /** Method and path without the query, for errors. */
  readonly name: string;
  readonly token?: InfluxCredential;
  readonly timeoutMs?: number;
  readonly signal: AbortSignal | undefined;
};

/** Runs one API call; throws what `tellFailure` makes of a failure, or the reason of the caller's own signal. */
export type Call = <Answer>(
  request: CallRequest,
  call: (tools: CallTools) => Promise<Answer>,
) => Promise<Answer>;

/** Only printable ASCII can travel in a header; anything else would fail deep inside Node with an obscure message. */
function checkToken(token: string): void {
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new UserError('The InfluxDB token is empty or has a character that no token has.', {
      hint: 'Tokens are letters, digits, "-", "_" and "=". A space or a line end may have come along with a paste.',
    });
  }
}

export function createCall(settings: {
  readonly url: string;
  readonly timeoutMs: number;
  readonly tellFailure: (thrown: unknown, requestName: string) => unknown;
}): Call {
  const { url } = settings;
  const agent = createAgent(url);
  // Made once for each token: a look at both modes is more than fifty calls with three tokens.
  const clients = new Map<string | undefined, InfluxDB>();
  const clientFor = (library: Library, token: string | undefined): InfluxDB => {
    const client = clients.get(token) ?? createClient(library, url, token, agent);
    clients.set(token, client);
    return client;
  };
  return async (request, call) => {
    const { token } = request;
    if (typeof token === 'string') checkToken(token);
    request.signal?.throwIfAborted();
    const library = loadLibrary();
    const timeoutMs = request.timeoutMs ?? settings.timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
    try {
      return await call({
        client: clientFor(library, typeof token === 'string' ? token : undefined),
        library,
        apis: library.apis,
        options: typeof token === 'object' ? { signal, headers: { cookie: token.cookie } } : { signal },
      });
    } catch (thrown) {
      // Which signal it was cannot be told from the error.
      request.signal?.throwIfAborted();
      if (timeout.aborted) {
        throw new ExternalError(`InfluxDB did not answer at ${url} within ${timeoutMs / 1000} s`, {
          command: `${request.name} at ${url}`,
          code: 'timeout',
          hint: 'The machine may be busy, or something between here and InfluxDB holds the connection.',
        });
      }
      throw settings.tellFailure(thrown, request.name);
    }
  };
}
