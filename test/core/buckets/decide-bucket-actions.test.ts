import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  authorizationDescription,
  type ObservedAuthorization,
} from '../../../src/core/buckets/authorization.ts';
import {
  type BucketAction,
  describeAction,
  shortenedBuckets,
} from '../../../src/core/buckets/bucket-action.ts';
import type { BucketsObservation } from '../../../src/core/buckets/bucket-observation.ts';
import { decideBucketActions, describeDifference } from '../../../src/core/buckets/decide-bucket-actions.ts';
import { modeFacts, modes } from '../../../src/core/mode/mode.ts';

const orgId = 'org-id';
const idOf = (name: string): string => `id-of-${name}`;
const allOf = (mode: 'test' | 'production') =>
  modeFacts[mode].buckets.map(facts => ({ id: idOf(facts.name), wantedName: facts.name, ...facts }));

const authorizationFor = (
  bucketIds: readonly string[],
  changes: Partial<ObservedAuthorization> = {},
): ObservedAuthorization => ({
  id: 'authorization-1',
  description: authorizationDescription('test'),
  isActive: true,
  permissions: bucketIds.flatMap(id =>
    (['read', 'write'] as const).map(action => ({
      action,
      type: 'buckets',
      id,
      orgId,
      name: undefined,
      org: undefined,
    })),
  ),
  ...changes,
});
const exact = authorizationFor(allOf('test').map(({ id }) => id));
const good: BucketsObservation = {
  mode: 'test',
  org: { id: orgId, name: 'homeiq-test' },
  buckets: allOf('test'),
  authorizations: [exact],
  tokenFaults: [],
  retentionSeconds: 604_800,
};
const kinds = (observation: BucketsObservation): readonly BucketAction['kind'][] =>
  decideBucketActions(observation).actions.map(({ kind }) => kind);

describe('What is to be done about the buckets of a mode', () => {
  test('nothing, when everything is as it must be', () => {
    assert.deepEqual(decideBucketActions(good), { actions: [], differences: [] });
  });

  test('everything, on a server that has nothing of it', () => {
    const nothing = { ...good, org: undefined, buckets: [], authorizations: [], tokenFaults: undefined };
    const { actions } = decideBucketActions(nothing);
    assert.deepEqual(actions[0], { kind: 'create-org', name: 'homeiq-test' });
    assert.deepEqual(actions[1], {
      kind: 'create-bucket',
      name: 'home_assistant_events_test',
      retentionSeconds: 604_800,
      shardGroupSeconds: 86_400,
    });
    assert.deepEqual(
      actions.map(({ kind }) => kind),
      ['create-org', ...Array(4).fill('create-bucket'), 'create-authorization'],
    );
    for (const action of actions) assert.ok(!describeAction(action).includes('id-of'));
  });

  test('a missing bucket means a new token too: the old one is not for it', () => {
    const observation = {
      ...good,
      buckets: good.buckets.slice(1),
      tokenFaults: [{ kind: 'missing', bucket: 'home_assistant_events_test', right: 'read' }] as const,
    };
    assert.deepEqual(kinds(observation), ['create-bucket', 'create-authorization']);
  });

  const kept = (retentionSeconds: number): BucketsObservation => {
    const [first, ...rest] = good.buckets;
    assert.ok(first !== undefined);
    return { ...good, buckets: [{ ...first, retentionSeconds }, ...rest] };
  };

  test('another retention is kept, and said', () => {
    for (const [retentionSeconds, said] of [
      [0, 'for ever'],
      [1_209_600, 'for 14 days'],
      [3600, 'for 1 hour'],
    ] as const) {
      const { actions, differences } = decideBucketActions(kept(retentionSeconds));
      assert.deepEqual(actions, []);
      assert.match(
        differences.map(describeDifference).join(),
        new RegExp(`keeps its data ${said};.* 7 days`),
      );
    }
  });

  test('another retention is changed where that is wished, with its shards; shorter deletes data', () => {
    for (const [from, isShorter] of [
      [0, true],
      [1_209_600, true],
      [3600, false],
    ] as const) {
      const { actions, differences } = decideBucketActions(kept(from), { changeRetention: true });
      assert.deepEqual(actions, [
        {
          kind: 'change-retention',
          id: idOf('home_assistant_events_test'),
          name: 'home_assistant_events_test',
          fromSeconds: from,
          retentionSeconds: 604_800,
          shardGroupSeconds: 86_400,
        },
      ]);
      assert.deepEqual(differences, []);
      assert.equal(shortenedBuckets(actions).length, isShorter ? 1 : 0);
    }
    const forEver = { ...good, retentionSeconds: 0 };
    const { actions } = decideBucketActions(forEver, { changeRetention: true });
    assert.equal(actions.length, 4);
    assert.deepEqual(shortenedBuckets(actions), []);
  });

  test('what was renamed gets its name back, and keeps its token', () => {
    const [first, ...rest] = good.buckets;
    assert.ok(first !== undefined);
    const renamed = {
      ...good,
      org: { id: orgId, name: 'mine' },
      buckets: [{ ...first, name: 'old' }, ...rest],
    };
    assert.deepEqual(kinds(renamed), ['rename-org', 'rename-bucket']);
  });

  test('a token that was switched off is switched on again, when it can only be ours', () => {
    const off = { ...exact, isActive: false };
    const tokenFaults = [{ kind: 'inactive-token' }] as const;
    assert.deepEqual(decideBucketActions({ ...good, authorizations: [off], tokenFaults }).actions, [
      { kind: 'activate-authorization', id: 'authorization-1' },
    ]);
    for (const authorizations of [
      [off, { ...off, id: 'another' }],
      [exact],
      [],
      [{ ...off, permissions: off.permissions.slice(1) }],
    ]) {
      assert.deepEqual(kinds({ ...good, authorizations, tokenFaults }), ['create-authorization']);
    }
  });

  test('a token that may be one of two cannot be told apart, so it is replaced', () => {
    const orphan = { ...exact, id: 'authorization-2' };
    assert.deepEqual(kinds({ ...good, authorizations: [exact, orphan] }), ['create-authorization']);
  });

  test('what cannot be the stored token is removed, and the token kept', () => {
    const rest = [
      { ...exact, id: 'inactive', isActive: false },
      authorizationFor([idOf('home_assistant_events_test')], { id: 'of-another-time' }),
    ];
    assert.deepEqual(decideBucketActions({ ...good, authorizations: [exact, ...rest] }).actions, [
      { kind: 'delete-authorization', id: 'inactive' },
      { kind: 'delete-authorization', id: 'of-another-time' },
    ]);
  });

  test('a token made by hand with exactly these permissions is taken over', () => {
    assert.deepEqual(kinds({ ...good, authorizations: [{ ...exact, description: 'by hand' }] }), []);
  });

  test('a token that passes the probes but for which there is only a wider authorization is replaced', () => {
    const wider = authorizationFor([...allOf('test').map(({ id }) => id), 'another-bucket']);
    const wholeOrg = {
      ...exact,
      permissions: (['read', 'write'] as const).map(action => ({
        action,
        type: 'buckets',
        id: undefined,
        orgId,
        name: undefined,
        org: undefined,
      })),
    };
    for (const authorization of [wider, wholeOrg]) {
      assert.deepEqual(kinds({ ...good, authorizations: [authorization] }), ['create-authorization']);
      const ofOthers = { ...authorization, description: 'by hand' };
      assert.deepEqual(kinds({ ...good, authorizations: [ofOthers] }), ['create-authorization']);
    }
  });

  test('carrying out the actions leaves nothing to do, from any state', () => {
    const permissions = fc.subarray([...exact.permissions]);
    const authorization = fc.record({
      id: fc.uuid(),
      description: fc.constantFrom(authorizationDescription('test'), 'by hand'),
      isActive: fc.boolean(),
      permissions: fc.oneof(permissions, fc.constant(exact.permissions)),
    });
    const observation: fc.Arbitrary<BucketsObservation> = fc.record({
      mode: fc.constant('test' as const),
      org: fc.constant(good.org),
      retentionSeconds: fc.constant(604_800),
      buckets: fc.subarray([...good.buckets]),
      authorizations: fc.array(authorization, { maxLength: 4 }),
      tokenFaults: fc.constantFrom(
        undefined,
        [],
        [{ kind: 'unknown-token' as const }],
        [{ kind: 'inactive-token' as const }],
      ),
    });
    fc.assert(
      fc.property(observation, before => {
        const { actions } = decideBucketActions(before);
        let after: BucketsObservation = before;
        for (const action of actions) {
          after = carryOut(after, action);
        }
        assert.deepEqual(decideBucketActions(after).actions, []);
      }),
    );
  });

  test('the facts of both modes are such that nothing is ever kept shorter than an hour', () => {
    for (const mode of modes) {
      const observation = { ...good, mode, buckets: [], org: undefined, tokenFaults: undefined };
      for (const action of decideBucketActions(observation).actions) {
        if (action.kind === 'create-bucket') assert.ok(action.shardGroupSeconds <= action.retentionSeconds);
      }
    }
  });
});

/** What the action does to what is observed next. */
function carryOut(before: BucketsObservation, action: BucketAction): BucketsObservation {
  switch (action.kind) {
    case 'create-org':
      return { ...before, org: good.org };
    case 'create-bucket': {
      const { name, retentionSeconds } = action;
      const bucket = { id: idOf(name), name, wantedName: name, retentionSeconds };
      return { ...before, buckets: [...before.buckets, bucket] };
    }
    case 'create-authorization': {
      const others = before.authorizations.filter(
        ({ description }) => description !== authorizationDescription('test'),
      );
      const ids = before.buckets.map(({ id }) => id);
      return {
        ...before,
        authorizations: [...others, authorizationFor(ids, { id: 'new' })],
        tokenFaults: [],
      };
    }
    case 'activate-authorization':
      return {
        ...before,
        tokenFaults: [],
        authorizations: before.authorizations.map(each =>
          each.id === action.id ? { ...each, isActive: true } : each,
        ),
      };
    case 'delete-authorization':
      return { ...before, authorizations: before.authorizations.filter(({ id }) => id !== action.id) };
    case 'rename-org':
    case 'rename-bucket':
    case 'change-retention':
      return assert.fail('nothing was renamed, and no change is wished');
  }
}
