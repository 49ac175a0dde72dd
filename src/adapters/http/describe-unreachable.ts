/** Why no answer came, in words, for every adapter that speaks HTTP. */

import { cutText, sanitiseLine } from '../../core/text/sanitise.ts';

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
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code;
  // Node's own fetch leaves the parser's code out.
  if (thrown instanceof Error && thrown.name === 'HTTPParserError') return 'HPE_INVALID';
  return 'cause' in thrown ? systemCode(thrown.cause) : undefined;
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
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET' || code === 'AbortError') {
    return say('reset', 'the connection was closed before an answer came');
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say('unknown-host', 'no such host name');
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return say('no-route', 'no way to that machine');
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return say('timeout', 'no connection in time');
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code)) {
    return say('certificate', 'its certificate is not trusted');
  }
  if (code.startsWith('HPE_')) return say('not-http', 'what answers does not speak HTTP');
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return say('not-http', 'what answers does not speak HTTPS');
  }
  return say('other', 'the request failed');
}

/** What a stranger said, safe to show: one line of at most 200 characters, without markup. */
export function oneLine(text: string): string {
  const clean = sanitiseLine(text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).trim();
  return clean.length > 200 ? `${cutText(clean, 199)}…` : clean;
}
