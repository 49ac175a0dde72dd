/**
 * Checks a first set-up before it is sent. InfluxDB's set-up is no transaction: it makes user, org, bucket and token
 * one after the other, and what fails half-way leaves a server that can neither be used nor set up again.
 */

import { describeRetention, shortestRetentionSeconds } from './retention.ts';

export type SetupRequest = {
  readonly username: string;
  readonly password: string;
  readonly org: string;
  readonly bucket: string;
  /** 0: for ever. */
  readonly retentionSeconds: number;
  readonly token: string;
};

const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** What InfluxDB would refuse, or accept and then never let in; empty when it is fine. Never quotes a secret. */
export function findSetupProblems(request: SetupRequest): readonly string[] {
  const passwordBytes = byteLength(request.password);
  const problems: readonly (readonly [boolean, string])[] = [
    [request.username.trim() === '', 'The user name is empty.'],
    [request.org.trim() === '', 'The name of the organization is empty.'],
    [
      passwordBytes < 8 || passwordBytes > 72,
      `The password has ${passwordBytes} bytes; InfluxDB takes 8 to 72.`,
    ],
    [request.bucket.trim() === '', 'The name of the bucket is empty.'],
    [
      request.bucket.startsWith('_'),
      'The name of the bucket begins with "_", which InfluxDB keeps for itself.',
    ],
    [request.bucket.includes('"'), 'The name of the bucket has a quotation mark.'],
    [
      /^[0-9a-f]{16}$/.test(request.bucket) || /^[0-9a-f]{16}$/.test(request.org),
      'A name of 16 hexadecimal digits would be taken for an id.',
    ],
    [
      !Number.isInteger(request.retentionSeconds) ||
        request.retentionSeconds < 0 ||
        (request.retentionSeconds > 0 && request.retentionSeconds < shortestRetentionSeconds),
      `The retention is shorter than ${describeRetention(shortestRetentionSeconds)}, which InfluxDB refuses.`,
    ],
    [
      request.token === '' || /[^\x21-\x7e]/.test(request.token),
      'The operator token is empty or has a character that cannot be sent.',
    ],
    [
      /^[^.]+\.[^.]+\.[^.]+$/.test(request.token),
      'The operator token has three parts with dots between them: InfluxDB would take it for another kind of token.',
    ],
  ];
  return problems.filter(([isProblem]) => isProblem).map(([, text]) => text);
}
