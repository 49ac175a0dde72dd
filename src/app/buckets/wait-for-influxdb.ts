/** Waits until InfluxDB 2 answers, saying why it does not yet. */

import { ExternalError, exitCodes, UserError } from '../../core/error.ts';
import type { Clock } from '../../ports/host.ts';
import type { Influx, InfluxIdentity } from '../../ports/influxdb.ts';

export type WaitRequest = {
  readonly influx: Influx;
  readonly clock: Clock;
  /** Told the reason whenever it changes. */
  readonly onDetail: (text: string) => void;
  readonly waitLimitMs?: number;
  readonly signal?: AbortSignal;
};

export type ReadyInflux = {
  readonly version: string;
  /** Nobody has set this server up. */
  readonly isSetupAllowed: boolean;
};

const firstPauseMs = 250;
const longestPauseMs = 2000;

/** What to say of a server that is not ours to use. */
export function refuseIdentity(
  url: string,
  identity: Exclude<InfluxIdentity, { kind: 'influxdb2' | 'not-ready' }>,
): UserError {
  const needs = 'HomeIQ needs InfluxDB 2 (image influxdb:2.9).';
  const untouched = 'Your data was not touched.';
  const found = (name: string, hint: string): UserError => {
    const version = 'version' in identity && identity.version !== undefined ? ` ${identity.version}` : '';
    return new UserError(`Found ${name}${version} at ${url}. ${needs} ${untouched}`, {
      hint,
      nextSteps: ['Set HOMEIQ_INFLUXDB_IMAGE to an image of InfluxDB 2, or stop what listens there.'],
      exitCode: exitCodes.refused,
    });
  };
  switch (identity.kind) {
    case 'influxdb1':
      return found('InfluxDB', 'Version 1 has no organizations, buckets and tokens of the kind HomeIQ uses.');
    case 'influxdb3':
      return found(
        'InfluxDB 3',
        'The tag influxdb:latest may now be version 3: name the version. Version 3 cannot read the data of version 2.',
      );
    case 'cloud':
      return found('InfluxDB Cloud', 'HomeIQ keeps its data on this machine.');
    case 'other':
      return found(
        `another program (${identity.seen})`,
        'Is this the address of InfluxDB? A proxy may answer.',
      );
  }
}

/** A failure that passes while a server starts: no connection, no answer in time, or 502 to 504. */
export const isPassing = ({ code, status }: ExternalError): boolean =>
  code !== 'unexpected answer' &&
  (status === undefined || status === 502 || status === 503 || status === 504);

async function look({ influx, signal }: WaitRequest): Promise<ReadyInflux | { readonly seen: string }> {
  const identity = await influx.identify(signal);
  if (identity.kind === 'not-ready') return identity;
  if (identity.kind !== 'influxdb2') throw refuseIdentity(influx.url, identity);
  try {
    return { version: identity.version, isSetupAllowed: await influx.isSetupAllowed(signal) };
  } catch (thrown) {
    if (thrown instanceof ExternalError && isPassing(thrown)) return { seen: thrown.message };
    throw thrown;
  }
}

/**
 * Resolves once `/health` is good and the set-up question is answered. Throws a UserError (refused) for another
 * version or program, an ExternalError when it takes longer than `waitLimitMs` (default 3 minutes).
 */
export async function waitForInfluxdb(request: WaitRequest): Promise<ReadyInflux> {
  const { influx, clock, onDetail, waitLimitMs = 180_000, signal } = request;
  const endMs = clock.now().getTime() + waitLimitMs;
  let told: string | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const seen = await look(request);
    if ('version' in seen) return seen;
    if (seen.seen !== told) onDetail(`waiting for InfluxDB: ${seen.seen}`);
    told = seen.seen;
    if (clock.now().getTime() + pauseMs > endMs) {
      throw new ExternalError(
        `InfluxDB at ${influx.url} was not ready within ${Math.round(waitLimitMs / 1000)} s: ${seen.seen}.`,
        {
          hint: 'The machine may be slow, or the service may stop again and again.',
          nextSteps: [
            'Look at its log: docker compose logs influxdb',
            'Run this again: it goes on from here.',
          ],
        },
      );
    }
    await clock.sleep(pauseMs, signal);
  }
}
