/**
 * Finds what was renamed in InfluxDB. Our own token for a mode is limited to the ids of its buckets, in the order of
 * the mode's facts, and InfluxDB tells the name that each id has now: no record of ours is needed.
 */

import { type Mode, modeFacts } from '../mode/mode.ts';
import { authorizationDescription, type ObservedAuthorization } from './authorization.ts';

type NamedBucket = { readonly id: string; readonly name: string };

export type OwnAuthorization = ObservedAuthorization & { readonly orgId: string };

/** The buckets that our token names, in its order; undefined stands for one that was deleted. */
function bucketsOf(authorization: ObservedAuthorization): readonly (NamedBucket | undefined)[] {
  const ids = [...new Set(authorization.permissions.map(({ id }) => id))];
  return ids.map(id => {
    const name = authorization.permissions.find(permission => permission.id === id)?.name;
    return id === undefined || name === undefined ? undefined : { id, name };
  });
}

const ours = (mode: Mode, authorizations: readonly OwnAuthorization[]): readonly OwnAuthorization[] =>
  authorizations.filter(({ description }) => description === authorizationDescription(mode));

/** The org of our token, with the name it has now, when it is not the mode's own. */
export function findRenamedOrg(
  mode: Mode,
  authorizations: readonly OwnAuthorization[],
): { readonly id: string; readonly name: string } | undefined {
  for (const { orgId, permissions } of ours(mode, authorizations)) {
    const name = permissions.find(({ org }) => org !== undefined)?.org;
    if (name !== undefined && name !== modeFacts[mode].org) return { id: orgId, name };
  }
  return undefined;
}

/**
 * Where the mode's buckets went that are not there by name. A bucket counts as renamed when its place among the ids of
 * our token tells which one it was, or when one alone is missing and one alone has a foreign name.
 */
export function findRenamedBuckets(
  mode: Mode,
  orgId: string,
  authorizations: readonly OwnAuthorization[],
  found: readonly NamedBucket[],
): readonly { readonly id: string; readonly name: string; readonly wantedName: string }[] {
  const wanted = modeFacts[mode].buckets.map(({ name }) => name);
  const missing = wanted.filter(name => !found.some(bucket => bucket.name === name));
  for (const authorization of ours(mode, authorizations).filter(each => each.orgId === orgId)) {
    const named = bucketsOf(authorization);
    const foreign = named.filter(bucket => bucket !== undefined && !wanted.includes(bucket.name));
    const isInOrder = wanted.every((name, index) => {
      const bucket = named[index];
      return missing.includes(name) || bucket?.name === name;
    });
    const [only] = foreign;
    const [lost] = missing;
    if (only !== undefined && lost !== undefined && foreign.length === 1 && missing.length === 1) {
      return [{ ...only, wantedName: lost }];
    }
    if (!isInOrder || named.length !== wanted.length) continue;
    const renamed = missing.flatMap(name => {
      const bucket = named[wanted.indexOf(name)];
      return bucket !== undefined && foreign.includes(bucket) ? [{ ...bucket, wantedName: name }] : [];
    });
    if (renamed.length > 0) return renamed;
  }
  return [];
}
