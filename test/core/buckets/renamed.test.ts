import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { authorizationDescription } from '../../../src/core/buckets/authorization.ts';
import {
  findRenamedBuckets,
  findRenamedOrg,
  type OwnAuthorization,
} from '../../../src/core/buckets/renamed.ts';
import { modeFacts } from '../../../src/core/mode/mode.ts';

const wanted = modeFacts.test.buckets.map(({ name }) => name);
const idOf = (name: string): string => `id-of-${name}`;

/** Our token, with the names that its buckets have now; undefined: deleted. */
const ours = (names: readonly (string | undefined)[], org = 'homeiq-test'): OwnAuthorization => ({
  id: 'a',
  orgId: 'org',
  description: authorizationDescription('test'),
  isActive: true,
  permissions: wanted.flatMap((name, index) =>
    (['read', 'write'] as const).map(action => ({
      action,
      type: 'buckets',
      id: idOf(name),
      orgId: 'org',
      name: names[index],
      org,
    })),
  ),
});
const foundOf = (names: readonly (string | undefined)[]) =>
  names.flatMap((name, index) =>
    name === wanted[index] ? [{ id: idOf(wanted[index] ?? ''), name: wanted[index] ?? '' }] : [],
  );
const find = (names: readonly (string | undefined)[]) =>
  findRenamedBuckets('test', 'org', [ours(names)], foundOf(names));

describe('What was renamed in InfluxDB', () => {
  test('is known by the ids of our token, any of the buckets and all of them', () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3]), at => {
        const names = wanted.map((name, index) => (at.includes(index) ? `renamed-${index}` : name));
        assert.deepEqual(
          find(names),
          at.map(index => ({
            id: idOf(wanted[index] ?? ''),
            name: `renamed-${index}`,
            wantedName: wanted[index],
          })),
        );
      }),
    );
  });

  test('is nothing that was deleted, and nothing of a token that is not ours', () => {
    assert.deepEqual(find([undefined, ...wanted.slice(1)]), []);
    assert.deepEqual(find([undefined, 'renamed', ...wanted.slice(2)]), [
      { id: idOf(wanted[1] ?? ''), name: 'renamed', wantedName: wanted[1] },
    ]);
    const names = ['renamed', ...wanted.slice(1)];
    const theirs = { ...ours(names), description: 'by hand' };
    assert.deepEqual(findRenamedBuckets('test', 'org', [theirs], foundOf(names)), []);
    assert.deepEqual(findRenamedBuckets('test', 'another', [ours(names)], foundOf(names)), []);
  });

  test('is not guessed when buckets were made anew beside renamed ones', () => {
    // The names are there again, with other ids than those of our token.
    const names = wanted.map(name => `old-${name}`);
    const anew = wanted.map(name => ({ id: `new-${name}`, name }));
    assert.deepEqual(findRenamedBuckets('test', 'org', [ours(names)], anew), []);
  });

  test('an organization is known by the name that our token tells', () => {
    assert.deepEqual(findRenamedOrg('test', [ours(wanted, 'mine')]), { id: 'org', name: 'mine' });
    assert.equal(findRenamedOrg('test', [ours(wanted)]), undefined);
    assert.equal(findRenamedOrg('production', [ours(wanted, 'mine')]), undefined);
  });
});
