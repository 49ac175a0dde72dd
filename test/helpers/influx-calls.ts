/** Any call to InfluxDB through the adapter's own machinery, and what it answers: word, status and text. */

import assert from 'node:assert/strict';
import { createCall } from '../../src/adapters/influxdb/call.ts';
import { toExternalError } from '../../src/adapters/influxdb/failure.ts';
import { classifyRefusal, type Refusal } from '../../src/core/buckets/refusal.ts';
import { ExternalError } from '../../src/core/error.ts';

export type InfluxRequest = {
  readonly body?: unknown;
  /** The operator's, unless it says otherwise; an empty one is not sent. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** InfluxDB's words, and the status that goes with each. */
const statuses = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not found': 404,
  conflict: 422,
  'unprocessable entity': 422,
  'internal error': 500,
} as const;
export type InfluxWord = keyof typeof statuses;

export type InfluxCalls = ReturnType<typeof createInfluxCalls>;

export function createInfluxCalls(url: string, operatorToken: string) {
  let refused = 0;
  const call = createCall({
    url,
    timeoutMs: 10_000,
    tellFailure: (thrown, name) => toExternalError(thrown, url, name),
  });

  /** `ask` is the method and the path. */
  const send = async (ask: string, { body, token = operatorToken, headers = {} }: InfluxRequest = {}) => {
    const [method = '', path = ''] = ask.split(' ');
    return call(
      { name: ask, signal: undefined, ...(token === '' ? {} : { token }) },
      async ({ client, options }) => {
        let status: number | undefined;
        let seen: Readonly<Record<string, unknown>> = {};
        const answer: unknown = await client.transport.request(
          path,
          body ?? '',
          { ...options, method, headers: { 'content-type': 'application/json', ...headers } },
          (started, statusCode) => {
            seen = started;
            status = statusCode;
          },
        );
        return { status, headers: seen, body: answer };
      },
    );
  };

  return {
    send,
    /** The body of an answer with this status. */
    answers: async (status: number, ask: string, request?: InfluxRequest): Promise<unknown> => {
      const answer = await send(ask, request);
      assert.equal(answer.status, status, ask);
      return answer.body;
    },
    /** `means`: what the program takes it for; undefined where it is no refusal of a token. */
    refuses: async (
      word: InfluxWord,
      said: RegExp,
      ask: string,
      request?: InfluxRequest,
      means?: Refusal,
    ): Promise<void> => {
      await assert.rejects(send(ask, request), (error: unknown) => {
        assert.ok(error instanceof ExternalError, `${ask}: ${String(error)}`);
        assert.deepEqual([error.status, error.code], [statuses[word], word], `${ask}: ${error.message}`);
        assert.match(error.tail ?? '', said, ask);
        assert.equal(classifyRefusal(error.status, error.tail), means, ask);
        return true;
      });
      refused += 1;
    },
    /** How many refusals were met. */
    refusals: (): number => refused,
  };
}

/** The part of an answer at a path of keys. */
export const partOf = (answer: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((part, key) => (part as Readonly<Record<string | number, unknown>>)[key], answer);
