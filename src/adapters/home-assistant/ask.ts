/** One HTTP request to Home Assistant, limited in time and in what is read of the answer. */

import type { NoAnswerReason } from '../../core/home-assistant/sight.ts';
import { describeUnreachable } from '../http/describe-unreachable.ts';
import { type CertificateProblem, readCertificateProblem } from './certificate-problem.ts';

export type AskRequest = {
  readonly method: 'GET' | 'POST';
  /** Begins with a slash. */
  readonly path: string;
  readonly token?: string;
  /** Secrets of the body: never shown, even where the answer repeats them. The token never is. */
  readonly hide?: readonly string[];
  readonly body?:
    | { readonly kind: 'json'; readonly value: unknown }
    | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> };
};

export type HttpAnswer = {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly location: string | undefined;
  /** Without the secrets of the request. */
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
};

export type NoAnswer = {
  readonly kind: 'none';
  readonly code: string;
  readonly seen: string;
  readonly reason: NoAnswerReason;
  /** Set when the certificate is what is wrong. */
  readonly certificate: CertificateProblem | undefined;
};

export type Ask = (request: AskRequest, signal: AbortSignal | undefined) => Promise<HttpAnswer | NoAnswer>;

const answerLimitBytes = 4 * 1024 * 1024;

/** Undefined when it is longer than the limit. */
async function readText(response: Response): Promise<string | undefined> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let receivedBytes = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of response.body) {
    receivedBytes += chunk.byteLength;
    if (receivedBytes > answerLimitBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeNoAnswer(thrown: unknown): NoAnswer {
  const { kind, code, seen } = describeUnreachable(thrown);
  const none = (reason: NoAnswerReason, certificate?: CertificateProblem): NoAnswer => ({
    kind: 'none',
    code,
    seen,
    reason,
    certificate,
  });
  switch (kind) {
    case 'certificate':
      return none('other', readCertificateProblem(code, thrown));
    case 'not-http':
      return none(code.startsWith('HPE_') ? 'not-http' : 'not-https');
    default:
      return none(kind);
  }
}

const withoutAnswer = (code: string, seen: string, reason: NoAnswerReason): NoAnswer => ({
  kind: 'none',
  code,
  seen,
  reason,
  certificate: undefined,
});

function encodeBody(body: AskRequest['body']): { readonly body?: string; readonly type?: string } {
  switch (body?.kind) {
    case undefined:
      return {};
    case 'json':
      return { body: JSON.stringify(body.value), type: 'application/json' };
    case 'form':
      return {
        body: new URLSearchParams(body.fields).toString(),
        type: 'application/x-www-form-urlencoded',
      };
  }
}

/** Throws only the reason of the caller's own signal; redirects are not followed. */
export function createAsk(url: string, timeoutMs: number): Ask {
  return async (request, signal) => {
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    const { body, type } = encodeBody(request.body);
    try {
      const response = await fetch(`${url}${request.path}`, {
        method: request.method,
        redirect: 'manual',
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headers: {
          ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body }),
      });
      const text = await readText(response);
      if (text === undefined) {
        return withoutAnswer('too long', 'its answer is too long to be from Home Assistant', 'not-http');
      }
      const hidden = [...(request.token === undefined ? [] : [request.token]), ...(request.hide ?? [])];
      const hide = (said: string): string =>
        hidden.reduce((kept, secret) => kept.replaceAll(secret, '(secret)'), said);
      const location = response.headers.get('location');
      return {
        kind: 'answer',
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        location: location === null ? undefined : hide(location),
        text: hide(text),
        json: parseJson(hide(text)),
      };
    } catch (thrown) {
      signal?.throwIfAborted();
      if (timeout.aborted) {
        return withoutAnswer('timeout', `no answer within ${timeoutMs / 1000} s`, 'timeout');
      }
      return describeNoAnswer(thrown);
    }
  };
}
