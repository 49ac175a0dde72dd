/** Which authorization in InfluxDB is ours, and what it must allow: read and write on its mode's buckets, by id. */

import type { Mode } from '../mode/mode.ts';

type ObservedPermission = {
  readonly action: 'read' | 'write';
  readonly type: string;
  readonly id: string | undefined;
  readonly orgId: string | undefined;
  readonly name: string | undefined;
  readonly org: string | undefined;
};

export type ObservedAuthorization = {
  readonly id: string;
  readonly description: string;
  readonly isActive: boolean;
  readonly permissions: readonly ObservedPermission[];
};

/** Ours is known by this exact description: a server with hashed tokens never shows a value again. */
export const authorizationDescription = (mode: Mode): string => `homeiq-setup/${mode}/rw`;

const keyOf = (permission: Pick<ObservedPermission, 'action' | 'type' | 'id'>): string =>
  `${permission.action} ${permission.type} ${permission.id ?? '*'}`;

const wantedKeys = (bucketIds: readonly string[]): ReadonlySet<string> =>
  new Set(
    bucketIds.flatMap(id =>
      (['read', 'write'] as const).map(action => keyOf({ action, type: 'buckets', id })),
    ),
  );

/** Every wanted permission is there, others may be too. A permission without an id is for every bucket. */
export function coversBuckets(authorization: ObservedAuthorization, bucketIds: readonly string[]): boolean {
  const keys = new Set(authorization.permissions.map(keyOf));
  return bucketIds.every(id =>
    (['read', 'write'] as const).every(
      action =>
        keys.has(keyOf({ action, type: 'buckets', id })) ||
        keys.has(keyOf({ action, type: 'buckets', id: undefined })),
    ),
  );
}

/** Exactly read and write on these buckets by id, nothing less and nothing more. */
export function allowsExactly(authorization: ObservedAuthorization, bucketIds: readonly string[]): boolean {
  const wanted = wantedKeys(bucketIds);
  const keys = new Set(authorization.permissions.map(keyOf));
  return wanted.size === keys.size && [...wanted].every(key => keys.has(key));
}

/**
 * What is wrong with the permissions that InfluxDB says it created; undefined when nothing is. The server checks
 * neither that a bucket id exists nor that it belongs to the organization, but it tells the names it resolved.
 */
export function findWrongPermission(
  authorization: ObservedAuthorization,
  expected: {
    readonly org: string;
    readonly buckets: readonly { readonly id: string; readonly name: string }[];
  },
): string | undefined {
  const ids = expected.buckets.map(({ id }) => id);
  if (!authorization.isActive) return 'it is not active';
  if (!allowsExactly(authorization, ids)) {
    return 'its permissions are not exactly those that were asked for';
  }
  const wrong = authorization.permissions.find(permission => {
    const name = expected.buckets.find(({ id }) => id === permission.id)?.name;
    return permission.name !== name || permission.org !== expected.org;
  });
  return wrong === undefined
    ? undefined
    : `it is for the bucket ${wrong.name ?? 'without a name'} of ${wrong.org ?? 'no organization'}`;
}
