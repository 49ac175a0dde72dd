/** Which program answers, told from what it says to `/ping` without a token. */

import { cutText } from '../../core/text/sanitise.ts';
import type { InfluxIdentity } from '../../ports/influxdb.ts';
import { oneLine } from '../http/describe-unreachable.ts';

export type PingAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The text or parsed JSON of the body. */
  readonly body: unknown;
};

const header = (answer: PingAnswer, name: string): string | undefined => {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const productOf = (body: unknown): string | undefined => {
  if (typeof body === 'string' && body.trimStart().startsWith('{')) {
    try {
      return productOf(JSON.parse(body));
    } catch {
      return undefined;
    }
  }
  if (typeof body !== 'object' || body === null) return undefined;
  return 'product_name' in body && typeof body.product_name === 'string' ? body.product_name : undefined;
};

/** Where a redirect leads, without the query, which may carry anything. */
const redirectTarget = (location: string | undefined): string =>
  location === undefined ? 'another address' : oneLine(location.replace(/[?#].*$/, ''));

function describeOther(answer: PingAnswer): string {
  if (answer.status >= 300 && answer.status < 400) {
    return `a redirect to ${redirectTarget(header(answer, 'location'))} (HTTP ${answer.status})`;
  }
  const server = header(answer, 'server');
  const by = server === undefined ? '' : ` from ${oneLine(server)}`;
  const type = header(answer, 'content-type')?.split(';')[0];
  const text = typeof answer.body === 'string' ? oneLine(answer.body) : '';
  const what = type === 'text/html' ? 'a web page' : (type ?? 'an answer');
  return `${what}${by} (HTTP ${answer.status}${text === '' ? '' : `: ${cutText(text, 80)}`})`;
}

/**
 * InfluxDB 2 answers 204 with `X-Influxdb-Build: OSS` and version 2.x; 1.x the same with its version; 3 Core answers
 * 200 with JSON, or 401 with a `cluster-uuid` header when it wants a token. 502 to 504 mean: not yet.
 */
export function classifyPing(answer: PingAnswer): InfluxIdentity {
  const build = header(answer, 'x-influxdb-build');
  const said = header(answer, 'x-influxdb-version');
  const version = said?.replace(/^v/, '');
  const major = version === undefined ? undefined : /^(\d+)\./.exec(version)?.[1];
  const product = productOf(answer.body);
  if (
    header(answer, 'cluster-uuid') !== undefined ||
    major === '3' ||
    product?.includes('InfluxDB 3') === true
  ) {
    return { kind: 'influxdb3', version };
  }
  if (build !== undefined && /cloud/i.test(build)) return { kind: 'cloud', version };
  if (version !== undefined && /cloud/i.test(version)) return { kind: 'cloud', version: undefined };
  if (answer.status >= 502 && answer.status <= 504) {
    return { kind: 'not-ready', seen: `it answers ${answer.status}` };
  }
  if (major === '1' || major === '0') return { kind: 'influxdb1', version };
  if (major === '2' && version !== undefined && build === 'OSS' && answer.status === 204) {
    return { kind: 'influxdb2', version };
  }
  if (build !== undefined || version !== undefined) {
    return {
      kind: 'other',
      seen: `InfluxDB ${oneLine(version ?? 'without a version')}, build ${oneLine(build ?? 'unknown')}`,
    };
  }
  return { kind: 'other', seen: describeOther(answer) };
}
