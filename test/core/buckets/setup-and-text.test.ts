import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fluxText } from '../../../src/core/buckets/flux-text.ts';
import {
  describeKept,
  describeRetention,
  formatRetentionDays,
  isShorterRetention,
  parseRetention,
  retentionSecondsOfDays,
  shardGroupSecondsFor,
} from '../../../src/core/buckets/retention.ts';
import { findSetupProblems } from '../../../src/core/buckets/setup-request.ts';

const day = 86_400;

describe('Retention', () => {
  test('has the shard duration that InfluxDB takes for it', () => {
    const expected = [
      [0, 7 * day],
      [3600, 3600],
      [day, 3600],
      [2 * day, day],
      [7 * day, day],
      [30 * day, day],
      [179 * day, day],
      [180 * day, 7 * day],
    ] as const;
    for (const [retention, shard] of expected) assert.equal(shardGroupSecondsFor(retention), shard);
  });

  test('is never shorter than its shards', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3600, max: 400 * day }), retention => {
        assert.ok(shardGroupSecondsFor(retention) <= retention);
      }),
    );
  });

  test('is told in the largest whole unit', () => {
    assert.deepEqual([0, day, 7 * day, 3600, 36 * 3600, 90].map(describeRetention), [
      'for ever',
      '1 day',
      '7 days',
      '1 hour',
      '36 hours',
      '90 seconds',
    ]);
  });
});

describe('A retention in the settings', () => {
  test('is read as InfluxDB means it', () => {
    const expected = [
      ['0', 0],
      ['7d', 7 * day],
      ['1d12h', 1.5 * day],
      ['2w', 14 * day],
      ['90m', 5400],
      ['3600s', 3600],
    ] as const;
    for (const [text, seconds] of expected) assert.equal(parseRetention(text), seconds, text);
    for (const text of ['', '5m', '59m59s', '7', '7 d', '-7d', '7y', 'd', '7D', '9'.repeat(30).concat('d')]) {
      assert.equal(parseRetention(text), undefined, text);
    }
  });

  test('that is written in days reads back the same', () => {
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), days => {
        assert.equal(parseRetention(formatRetentionDays(days)), retentionSecondsOfDays(days));
      }),
    );
  });

  test('is shorter when some data would go; for ever is the longest', () => {
    assert.ok(isShorterRetention(0, day) && isShorterRetention(2 * day, day));
    assert.ok(!isShorterRetention(day, 0) && !isShorterRetention(0, 0) && !isShorterRetention(day, day));
    assert.deepEqual([describeKept(0), describeKept(day)], ['for ever', 'for 1 day']);
  });
});

describe('A first set-up', () => {
  const request = {
    username: 'homeiq-admin',
    password: 'a good password',
    org: 'homeiq-test',
    bucket: 'home_assistant_events_test',
    retentionSeconds: 7 * day,
    token: 'abc-_=',
  };

  test('that InfluxDB would take has no problems', () => {
    assert.deepEqual(findSetupProblems(request), []);
    assert.deepEqual(findSetupProblems({ ...request, retentionSeconds: 0 }), []);
    assert.deepEqual(findSetupProblems({ ...request, password: 'ä'.repeat(36) }), []);
  });

  test('that it would leave half done is found before, without a secret in the words', () => {
    const wrong: readonly [Partial<typeof request>, RegExp][] = [
      [{ username: ' ' }, /user name is empty/],
      [{ org: '' }, /organization is empty/],
      [{ bucket: '' }, /bucket is empty/],
      [{ bucket: '_internal' }, /begins with "_"/],
      [{ bucket: 'a"b' }, /quotation mark/],
      [{ bucket: '0123456789abcdef' }, /taken for an id/],
      [{ password: 'short' }, /5 bytes/],
      [{ password: 'ä'.repeat(37) }, /74 bytes/],
      [{ retentionSeconds: 60 }, /shorter than 1 hour/],
      [{ retentionSeconds: -1 }, /shorter than 1 hour/],
      [{ retentionSeconds: 3600.5 }, /shorter than 1 hour/],
      [{ token: '' }, /operator token is empty/],
      [{ token: 'secret with space' }, /cannot be sent/],
      [{ token: 'secret\n' }, /cannot be sent/],
      [{ token: 'secret.part.three' }, /three parts/],
    ];
    for (const [change, said] of wrong) {
      const problems = findSetupProblems({ ...request, ...change });
      assert.equal(problems.length, 1, problems.join());
      assert.match(problems.join(), said);
      assert.ok(!/secret|short\b/.test(problems.join().replace('shorter', '')));
    }
  });
});

describe('Text in a Flux query', () => {
  test('stays one literal, whatever is in it', () => {
    assert.equal(fluxText('plain'), '"plain"');
    assert.equal(fluxText('a"b\\c$' + '{d}\n'), `${String.raw`"a\"b\\c\$`}{d}\\n"`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const inner = fluxText(text).slice(1, -1);
        // Without its escaped pairs, nothing is left that could end the literal or begin an expression in it.
        assert.ok(!/["\\\n\r]|\$\{/.test(inner.replace(/\\[\s\S]/g, '')));
      }),
    );
  });
});
