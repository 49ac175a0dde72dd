/** What a mode's token must be able to do and, above all, must not. */

import { type Mode, modeFacts, otherMode } from '../mode/mode.ts';

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

export type AccessFault =
  | { readonly kind: 'unknown-token' }
  | { readonly kind: 'missing'; readonly bucket: string; readonly right: 'read' | 'write' }
  /** More than it should: never to be used. */
  | {
      readonly kind: 'unexpected';
      readonly org: string;
      readonly bucket: string;
      readonly right: 'read' | 'write';
    };

/** Every org has this one, made by InfluxDB: who reaches it has a token for the whole org. */
const systemBucket = '_monitoring';

/** Own buckets, then what must be closed: the other mode's buckets that exist, and the system's own. */
export function probeTargets(mode: Mode, otherBuckets: readonly string[]): readonly ProbeTarget[] {
  const own = modeFacts[mode];
  const other = modeFacts[otherMode(mode)];
  return [
    ...own.buckets.map(({ name }) => ({ org: own.org, bucket: name, expected: 'allowed' as const })),
    ...otherBuckets.map(bucket => ({ org: other.org, bucket, expected: 'denied' as const })),
    { org: own.org, bucket: systemBucket, expected: 'denied' as const },
  ];
}

/** Compares what was seen with what must be. Without faults the token is right. */
export function judgeAccess(
  probes: readonly { readonly target: ProbeTarget; readonly access: ObservedAccess }[],
): readonly AccessFault[] {
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
    case 'missing':
      return `it cannot ${fault.right} ${fault.bucket}`;
    case 'unexpected':
      return `it can ${fault.right} ${fault.bucket} of ${fault.org}, which it must not`;
  }
}
