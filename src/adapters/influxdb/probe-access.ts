/** What a token may do with a bucket, asked in two ways that change nothing. */

import type { ExternalError } from '../../core/error.ts';
import type { BucketAccess } from '../../ports/influxdb.ts';

/** The outcome of one probe: `unknown-token` only for the one 401 that means it. */
export type ProbeAnswer = 'allowed' | 'denied' | 'unknown-token';

/**
 * InfluxDB has three 401s: this exact text for a token it does not know, others for an inactive token and for a known
 * one without the right. 403 and 404 mean a known token too. Anything else is no answer, and is thrown.
 */
export function readRefusal(error: ExternalError): ProbeAnswer {
  if (error.status === 401) return error.tail === 'unauthorized access' ? 'unknown-token' : 'denied';
  if (error.status === 403 || error.status === 404) {
    if (error.code !== undefined) return 'denied';
  }
  throw error;
}

export const accessOf = (read: ProbeAnswer, write: ProbeAnswer): BucketAccess => ({
  read: read === 'allowed',
  write: write === 'allowed',
  isTokenKnown: read !== 'unknown-token' && write !== 'unknown-token',
});
