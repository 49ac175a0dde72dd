/** What a mode's token must be able to do and, above all, must not: every token is tried on every bucket. */

import { type Mode, modeFacts } from '../mode/mode.ts';

export type ProbeTarget = {
  readonly org: string;
  readonly bucket: string;
  readonly expected: 'allowed' | 'denied';
};

export type ObservedAccess = {
  readonly read: boolean;
  readonly write: boolean;
  readonly isTokenKnown: boolean;
};

/** One cell of the matrix: a mode's token on one bucket. */
export type Probe = { readonly target: ProbeTarget; readonly access: ObservedAccess };

export type AccessFault =
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'inactive-token' }
  | { readonly kind: 'missing'; readonly bucket: string; readonly right: 'read' | 'write' }
  /** More than it should: never to be used. */
  | {
      readonly kind: 'unexpected';
      readonly org: string;
      readonly bucket: string;
      readonly right: 'read' | 'write';
    };

/** An org by the name it has now, and those of its mode's buckets that exist. */
export type ModeBuckets = { readonly org: string; readonly buckets: readonly string[] };

/** Every org has this one, made by InfluxDB: who reaches it has a token for the whole org. */
const systemBucket = '_monitoring';

/** What must be open, then what must be closed: the other mode's buckets and the system's own of both orgs. */
export function probeTargets(own: ModeBuckets, other: ModeBuckets | undefined): readonly ProbeTarget[] {
  const targets = (org: string, buckets: readonly string[], expected: ProbeTarget['expected']) =>
    buckets.map(bucket => ({ org, bucket, expected }));
  return [
    ...targets(own.org, own.buckets, 'allowed'),
    ...(other === undefined ? [] : targets(other.org, [...other.buckets, systemBucket], 'denied')),
    ...targets(own.org, [systemBucket], 'denied'),
  ];
}

/** The mode's org with all of its buckets, by the names they must have. */
export const wantedBuckets = (mode: Mode): ModeBuckets => ({
  org: modeFacts[mode].org,
  buckets: modeFacts[mode].buckets.map(({ name }) => name),
});

/** Compares what was seen with what must be. Without faults the token is right. */
export function judgeAccess(probes: readonly Probe[]): readonly AccessFault[] {
  if (probes.some(({ access }) => !access.isTokenKnown)) return [{ kind: 'unknown-token' }];
  return probes.flatMap(({ target, access }) =>
    (['read', 'write'] as const).flatMap((right): readonly AccessFault[] => {
      if (target.expected === 'allowed') {
        return access[right] ? [] : [{ kind: 'missing', bucket: target.bucket, right }];
      }
      return access[right] ? [{ kind: 'unexpected', org: target.org, bucket: target.bucket, right }] : [];
    }),
  );
}

export function describeFault(fault: AccessFault): string {
  switch (fault.kind) {
    case 'unknown-token':
      return 'InfluxDB does not know it';
    case 'inactive-token':
      return 'it was switched off in InfluxDB';
    case 'missing':
      return `it cannot ${fault.right} ${fault.bucket}`;
    case 'unexpected':
      return `it can ${fault.right} ${fault.bucket} of ${fault.org}, which it must not`;
  }
}

/** The first three in words, and how many more there are. */
export function describeFaults(faults: readonly AccessFault[]): string {
  const shown = faults.slice(0, 3).map(describeFault).join('; ');
  return faults.length > 3 ? `${shown}; and ${faults.length - 3} more` : shown;
}
