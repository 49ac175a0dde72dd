import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  describeFault,
  describeFaults,
  judgeAccess,
  probeTargets,
  wantedBuckets,
} from '../../../src/core/buckets/access-matrix.ts';
import {
  allowsExactly,
  coversBuckets,
  findWrongPermission,
  type ObservedAuthorization,
} from '../../../src/core/buckets/authorization.ts';
import { adviseOperatorToken, classifyRefusal } from '../../../src/core/buckets/refusal.ts';
import { modeFacts, modes, otherMode } from '../../../src/core/mode/mode.ts';

describe('What a token must do, and must not', () => {
  const names = (mode: 'test' | 'production') => modeFacts[mode].buckets.map(({ name }) => name);

  test('its own buckets are open; the other mode and the rest of both orgs are closed', () => {
    for (const mode of modes) {
      const targets = probeTargets(wantedBuckets(mode), wantedBuckets(otherMode(mode)));
      const open = targets.filter(({ expected }) => expected === 'allowed');
      assert.deepEqual(
        open.map(({ org, bucket }) => [org, bucket]),
        names(mode).map(name => [modeFacts[mode].org, name]),
      );
      const closed = targets.filter(({ expected }) => expected === 'denied');
      assert.deepEqual(
        closed.map(({ org, bucket }) => `${org} ${bucket}`),
        [
          ...[...names(otherMode(mode)), '_monitoring'].map(
            name => `${modeFacts[otherMode(mode)].org} ${name}`,
          ),
          `${modeFacts[mode].org} _monitoring`,
        ],
      );
    }
    assert.equal(probeTargets(wantedBuckets('test'), undefined).length, 5);
  });

  test('only what was expected is without fault', () => {
    const targets = probeTargets(wantedBuckets('test'), wantedBuckets('production'));
    const access = fc.record({ read: fc.boolean(), write: fc.boolean(), isTokenKnown: fc.constant(true) });
    fc.assert(
      fc.property(fc.array(access, { minLength: targets.length, maxLength: targets.length }), seen => {
        const probes = targets.flatMap((target, index) => {
          const one = seen[index];
          return one === undefined ? [] : [{ target, access: one }];
        });
        const faults = judgeAccess(probes);
        const wrong = probes.flatMap(({ target, access: { read, write } }) =>
          [read, write].filter(may => may !== (target.expected === 'allowed')),
        );
        assert.equal(faults.length, wrong.length);
        const tooMuch = probes.some(
          ({ target, access: { read, write } }) => target.expected === 'denied' && (read || write),
        );
        assert.equal(
          faults.some(({ kind }) => kind === 'unexpected'),
          tooMuch,
        );
      }),
    );
  });

  test('an unknown token is one fault, whatever else', () => {
    const [target] = probeTargets(wantedBuckets('test'), undefined);
    assert.ok(target !== undefined);
    const access = { read: false, write: false, isTokenKnown: false };
    assert.deepEqual(judgeAccess([{ target, access }]), [{ kind: 'unknown-token' }]);
    assert.equal(describeFaults([{ kind: 'inactive-token' }]), 'it was switched off in InfluxDB');
  });

  test('many faults are cut short', () => {
    const faults = Array.from(
      { length: 5 },
      (_, at) => ({ kind: 'missing', bucket: `b${at}`, right: 'read' }) as const,
    );
    assert.equal(
      describeFaults(faults),
      'it cannot read b0; it cannot read b1; it cannot read b2; and 2 more',
    );
  });

  test('a fault is told in words', () => {
    const told = describeFault({
      kind: 'unexpected',
      org: 'homeiq',
      bucket: 'weather_data',
      right: 'read',
    });
    assert.equal(told, 'it can read weather_data of homeiq, which it must not');
  });
});

describe('An authorization', () => {
  const bucket = { id: 'b1', name: 'weather_data' };
  const permission = (action: 'read' | 'write', changes: object = {}) => ({
    action,
    type: 'buckets',
    id: 'b1',
    orgId: 'o1',
    name: 'weather_data',
    org: 'homeiq',
    ...changes,
  });
  const authorization = (permissions: ObservedAuthorization['permissions']): ObservedAuthorization => ({
    id: 'a1',
    description: '',
    isActive: true,
    permissions,
  });
  const right = authorization([permission('read'), permission('write')]);
  const expected = { org: 'homeiq', buckets: [bucket] };

  test('for exactly what was asked for is right', () => {
    assert.ok(allowsExactly(right, ['b1']));
    assert.ok(coversBuckets(right, ['b1']));
    assert.equal(findWrongPermission(right, expected), undefined);
  });

  test('for less, more, or every bucket is not', () => {
    const wrong = [
      [permission('read')],
      [permission('read'), permission('write'), permission('read', { id: 'b2' })],
      [permission('read', { id: undefined }), permission('write', { id: undefined })],
      [permission('read', { type: 'orgs' }), permission('write')],
      [],
    ];
    for (const permissions of wrong) {
      assert.ok(!allowsExactly(authorization(permissions), ['b1']));
      assert.ok(findWrongPermission(authorization(permissions), expected) !== undefined);
    }
    assert.ok(!coversBuckets(authorization([permission('read')]), ['b1']));
    assert.ok(coversBuckets(authorization(wrong[2] ?? []), ['b1']));
  });

  test('whose id the server knows by another name, in another org or not at all is wrong', () => {
    for (const changes of [{ name: 'other' }, { org: 'other' }, { name: undefined, org: undefined }]) {
      const wrong = authorization([permission('read', changes), permission('write')]);
      assert.match(findWrongPermission(wrong, expected) ?? '', /it is for the bucket/);
    }
    assert.equal(findWrongPermission({ ...right, isActive: false }, expected), 'it is not active');
  });
});

describe('A refusal', () => {
  test('is told apart by what InfluxDB says', () => {
    assert.equal(classifyRefusal(401, 'unauthorized access'), 'unknown-token');
    assert.equal(classifyRefusal(401, 'token is inactive'), 'inactive-token');
    assert.equal(classifyRefusal(403, 'User is inactive'), 'inactive-token');
    assert.equal(classifyRefusal(401, 'write:orgs is unauthorized'), 'no-right');
    assert.equal(classifyRefusal(401, 'write:orgs/0123/authorizations is unauthorized'), 'no-right');
    assert.equal(classifyRefusal(403, 'permission is not allowed'), 'no-right');
    assert.equal(classifyRefusal(401, undefined), 'unknown-token');
    for (const status of [404, 422, 500, 'ECONNRESET', undefined]) {
      assert.equal(classifyRefusal(status, 'x'), undefined);
    }
  });

  test('of the operator token is explained, with ways out', () => {
    for (const refusal of ['unknown-token', 'inactive-token', 'no-right'] as const) {
      const advice = adviseOperatorToken(refusal, 'http://127.0.0.1:8086');
      assert.match(
        advice.nextSteps.join('\n'),
        /--recover cli.*\n.*--recover password.*\n.*--recover offline/,
      );
      assert.match(advice.nextSteps.join('\n'), /\.homeiq\/secrets\/influxdb-operator-token/);
    }
  });
});
