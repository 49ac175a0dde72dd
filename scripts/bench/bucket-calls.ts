/** The HTTP calls of a bucket step: recorded as they are made, and made again by curl. */

import { spawn } from 'node:child_process';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RecordedCall = {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly answer: { readonly status: number | undefined; readonly text: string };
};

/** What `use` asks of the server, in the order in which it was answered. */
export async function recordCalls(
  target: string,
  use: (url: string) => Promise<void>,
): Promise<readonly RecordedCall[]> {
  const recorded: RecordedCall[] = [];
  const proxy = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method = 'GET', url = '/', headers } = request;
    const kept = Object.entries(headers)
      .filter(([name]) => ['authorization', 'content-type', 'accept'].includes(name))
      .map(([name, value]) => [name, String(value)] as const);
    const forwarded = sendRequest(`${target}${url}`, { method, headers }, async answer => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      recorded.push({
        method,
        url,
        headers: kept,
        body,
        answer: { status: answer.statusCode, text: bytes.toString() },
      });
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.end(bytes);
    });
    forwarded.end(body);
  });
  await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve));
  await use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  proxy.closeAllConnections();
  proxy.close();
  return recorded;
}

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

const configOf = (target: string, { method, url, headers, body }: RecordedCall): readonly string[] => [
  `url = ${quoted(`${target}${url}`)}`,
  `request = ${method}`,
  ...headers.map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
  ...(method === 'GET' ? [] : [`data-binary = ${quoted(body)}`]),
  'silent',
];

/** The configuration comes on stdin, so that no token is on a command line. Gives what it printed. */
async function runCurl(config: string): Promise<string> {
  const curl = spawn('curl', ['--config', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  curl.stdin.end(config);
  let text = '';
  for await (const chunk of curl.stdout) text += String(chunk);
  return text;
}

/** One curl for all, one after the other; its own times of the transfers, summed: milliseconds. */
export async function repeatCalls(
  target: string,
  calls: readonly RecordedCall[],
  { keepConnection }: { readonly keepConnection: boolean },
): Promise<number> {
  const config = calls.map(call =>
    [
      ...configOf(target, call),
      ...(keepConnection ? [] : ['header = "connection: close"']),
      'output = /dev/null',
      'write-out = "%{time_total}\\n"',
    ].join('\n'),
  );
  const seconds = (await runCurl(config.join('\nnext\n'))).trim().split('\n').map(Number);
  if (seconds.length !== calls.length || seconds.some(Number.isNaN)) {
    throw new Error(`curl made ${seconds.length} of ${calls.length} calls`);
  }
  return seconds.reduce((sum, value) => sum + value, 0) * 1000;
}

/** Each string of `before` that is another one at the same place of `now`. */
function pairStrings(before: unknown, now: unknown, pairs: Map<string, string>): void {
  if (typeof before === 'string' && typeof now === 'string' && before !== now) pairs.set(before, now);
  if (typeof before !== 'object' || before === null || typeof now !== 'object' || now === null) return;
  for (const [key, value] of Object.entries(before)) {
    pairStrings(value, (now as Readonly<Record<string, unknown>>)[key], pairs);
  }
}

/**
 * The same for calls that make something: a curl for each, with the ids and tokens that the server gives this time in
 * place of the recorded ones. Milliseconds.
 */
export async function repeatMakingCalls(target: string, calls: readonly RecordedCall[]): Promise<number> {
  const pairs = new Map<string, string>();
  const renew = (text: string): string =>
    [...pairs].reduce((renewed, [old, now]) => renewed.replaceAll(old, now), text);
  let sumMs = 0;
  for (const call of calls) {
    const renewed: RecordedCall = {
      ...call,
      url: renew(call.url),
      headers: call.headers.map(([name, value]) => [name, renew(value)]),
      body: renew(call.body),
    };
    const printed = await runCurl(
      [...configOf(target, renewed), 'write-out = "\\n%{http_code} %{time_total}"'].join('\n'),
    );
    const end = printed.lastIndexOf('\n');
    const [status, seconds] = printed.slice(end + 1).split(' ');
    sumMs += Number(seconds) * 1000;
    if (Number(status) !== call.answer.status) {
      throw new Error(`${call.method} ${call.url} was answered by ${status}, not by ${call.answer.status}`);
    }
    if (status === '201') pairStrings(JSON.parse(call.answer.text), JSON.parse(printed.slice(0, end)), pairs);
  }
  return sumMs;
}
